"""Whether RootFi answers at the base URL and knows the API key, by GETs that can find nothing.

A path that is no endpoint answers 404 as well, and RootFi may use the same form for both. So a 404 counts as
that of an endpoint which knows the key only if an unknown key is refused there.
"""

import os
import shlex
from dataclasses import replace

from rootfi_pulumi.api.client import RootFiClient
from rootfi_pulumi.api.errors import (
    BadProxy,
    ErrorAnswer,
    Forbidden,
    NoAnswer,
    NotFound,
    NotSent,
    RateLimited,
    Redirected,
    RootFiError,
    ServerError,
    Unauthorized,
    UnreadableAnswer,
    Untrusted,
)
from rootfi_pulumi.api.models import GREATEST_ID
from rootfi_pulumi.api.redaction import Redactor
from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.api.transport import Transport
from rootfi_pulumi.cli.doctor.finding import Finding, not_checked, ok, problem
from rootfi_pulumi.cli.stack_settings import StackSettings
from rootfi_pulumi.declaration.settings import API_KEY, BASE_URL, SettingsError

# Seconds; an address that does not answer is asked again for as long.
_PATIENCE = 5.0
_UNKNOWN_KEY = "rootfi-pulumi-doctor-is-not-a-key"
_URL, _KEY, _ACCESS = "base URL", "API key", "base URL, API key"
_URL_FIRST = not_checked(_KEY, "the base URL must be right first")


def check_access(settings: StackSettings, stack: str | None) -> list[Finding]:
    """Look at the address and at the key; `stack` is the one that the settings are of, or None."""
    try:
        resolved = replace(settings.resolve(), timeout=_PATIENCE)
    except SettingsError as error:
        return _unusable(error, settings, stack)
    answer = _ask(resolved)
    if isinstance(answer, NotFound) and answer.documented:
        return _not_found(settings, resolved, stack)
    if answer is not None:
        return _answered(answer, settings, resolved, stack)
    return [_answers(resolved), ok(_KEY, "is known")]


def _ask(settings: Settings) -> RootFiError | None:
    try:
        # An id that cannot exist: whether the answer is 404 or 401 depends on the key alone.
        RootFiClient(Transport(settings, Redactor())).get_integration(GREATEST_ID)
    except RootFiError as error:
        return error
    return None


def _unusable(error: SettingsError, settings: StackSettings, stack: str | None) -> list[Finding]:
    if error.setting is BASE_URL:
        return [_bad_url(settings, stack, str(error)), _URL_FIRST]
    unasked = not_checked(_URL, "asking needs an API key")
    if error.setting is API_KEY:
        return [unasked, _bad_key(settings, stack, str(error))]
    return [not_checked(_ACCESS, "the settings must be right first"), _bad_setting(error)]


def _bad_setting(error: SettingsError) -> Finding:
    return problem("settings", str(error), f"correct {error.source} in the stack's config")


def _not_found(settings: StackSettings, resolved: Settings, stack: str | None) -> list[Finding]:
    match _ask(replace(resolved, api_key=_UNKNOWN_KEY)):
        case None | NotFound():
            why = f"{resolved.base_url} answers 404 whatever the API key, as where RootFi has no endpoint"
            return [_bad_url(settings, stack, why), _URL_FIRST]
        case RateLimited() | ServerError() | NotSent() | NoAnswer() | UnreadableAnswer() as error:
            why = f"whether RootFi refuses another key is not known: {error.what()}: run doctor again"
            return [_answers(resolved), not_checked(_KEY, why)]
    return [_answers(resolved), ok(_KEY, f"is known to RootFi, from {_source(settings)}")]


def _answers(resolved: Settings) -> Finding:
    return ok(_URL, f"RootFi answers at {resolved.base_url}")


def _answered(
    error: RootFiError, settings: StackSettings, resolved: Settings, stack: str | None
) -> list[Finding]:
    answers = _answers(resolved)
    said = f"RootFi says: {error.status} {error.message}" if isinstance(error, ErrorAnswer) else error.message
    match error:
        case Unauthorized() | Forbidden():
            return [answers, _bad_key(settings, stack, f"{said} (the key is from {_source(settings)})")]
        case RateLimited():
            return [answers, not_checked(_KEY, f"{said}: wait a minute and run doctor again")]
        case Untrusted() | BadProxy():
            why = f"{resolved.base_url}: {error.message}"
            return [problem(_URL, why, error.what_to_do()), not_checked(_KEY, "RootFi was not reached")]
        case NotFound() | Redirected():
            why = f"{resolved.base_url} answers, but not as RootFi does: {error.status} {error.message}"
            return [_bad_url(settings, stack, why), _URL_FIRST]
    why = f"{resolved.base_url}: {said}"
    return [_bad_url(settings, stack, why), not_checked(_KEY, "RootFi did not answer")]


def _source(settings: StackSettings) -> str:
    return "the stack's config" if settings.has(API_KEY) else str(API_KEY.variable)


def _bad_key(settings: StackSettings, stack: str | None, why: str) -> Finding:
    command = read_variable(str(API_KEY.variable))
    if settings.has(API_KEY) and stack is not None:
        command = f"pulumi config set --secret {API_KEY.key} --stack {shlex.quote(stack)}"
    remedy = "give a key of the stack's RootFi organisation (dashboard, Settings); it is not shown"
    return problem(_KEY, why, remedy, command)


def _bad_url(settings: StackSettings, stack: str | None, why: str) -> Finding:
    if settings.has(BASE_URL) and stack is not None:
        remedy = f"correct {BASE_URL.key}, or take it out to use {BASE_URL.variable} or the default"
        return problem(_URL, why, remedy, f"pulumi config rm {BASE_URL.key} --stack {shlex.quote(stack)}")
    if os.environ.get(str(BASE_URL.variable)):
        return problem(
            _URL, why, f"correct {BASE_URL.variable}, or use the default", f"unset {BASE_URL.variable}"
        )
    return problem(_URL, why, "look at the network, its proxy (HTTPS_PROXY, NO_PROXY) and RootFi's status")


def read_variable(name: str) -> str:
    """Return a command of bash and zsh that asks for a variable's value without showing it."""
    return f"read -rs {name} && export {name}"
