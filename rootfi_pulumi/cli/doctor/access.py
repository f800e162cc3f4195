"""Checks that RootFi answers at the base URL and accepts the API key, by GETs of an id that cannot exist.

A wrong path answers 404 too, possibly in the same form as an unknown id. A 404 therefore only counts as
RootFi's if the same GET with a made-up key is refused.
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
from rootfi_pulumi.cli.doctor.finding import Finding, Subject, not_checked, ok, problem
from rootfi_pulumi.cli.stack_settings import StackSettings
from rootfi_pulumi.declaration.settings import API_KEY, BASE_URL, SettingsError

# Seconds for the request and its retries.
_PATIENCE = 5.0
_UNKNOWN_KEY = "rootfi-pulumi-doctor-is-not-a-key"
_KEY_SKIPPED = not_checked(Subject.KEY, "correct the base URL first")


def check_access(settings: StackSettings, stack: str | None) -> list[Finding]:
    """Check the base URL and the key. `stack` is the stack that the settings belong to, or None."""
    try:
        resolved = replace(settings.resolve(), timeout=_PATIENCE)
    except SettingsError as error:
        return _unusable(error, settings, stack)
    answer = _ask(resolved)
    if isinstance(answer, NotFound) and answer.documented:
        return _not_found(settings, resolved, stack)
    if answer is not None:
        return _answered(answer, settings, resolved, stack)
    return [_answers(resolved), ok(Subject.KEY, "RootFi accepts it")]


def _ask(settings: Settings) -> RootFiError | None:
    try:
        # No integration has this id, so the answer is 404 or 401 depending on the key alone.
        RootFiClient(Transport(settings, Redactor())).get_integration(GREATEST_ID)
    except RootFiError as error:
        return error
    return None


def _unusable(error: SettingsError, settings: StackSettings, stack: str | None) -> list[Finding]:
    if error.setting is BASE_URL:
        return [_bad_url(settings, stack, str(error)), _KEY_SKIPPED]
    unasked = not_checked(Subject.URL, "the request needs an API key")
    if error.setting is API_KEY:
        return [unasked, _bad_key(settings, stack, str(error))]
    return [not_checked(Subject.ACCESS, "correct the settings first"), _bad_setting(error)]


def _bad_setting(error: SettingsError) -> Finding:
    return problem(Subject.SETTINGS, str(error), f"correct {error.source} in the stack's config")


def _not_found(settings: StackSettings, resolved: Settings, stack: str | None) -> list[Finding]:
    match _ask(replace(resolved, api_key=_UNKNOWN_KEY)):
        case None | NotFound():
            why = f"{resolved.base_url} answers 404 to any API key, so it is not RootFi's endpoint"
            return [_bad_url(settings, stack, why), _KEY_SKIPPED]
        case RateLimited() | ServerError() | NotSent() | NoAnswer() | UnreadableAnswer() as error:
            why = f"cannot check whether RootFi refuses a wrong key: {error.what()}: run doctor again"
            return [_answers(resolved), not_checked(Subject.KEY, why)]
    return [_answers(resolved), ok(Subject.KEY, f"RootFi accepts the key from {_source(settings)}")]


def _answers(resolved: Settings) -> Finding:
    return ok(Subject.URL, f"RootFi answers at {resolved.base_url}")


def _answered(
    error: RootFiError, settings: StackSettings, resolved: Settings, stack: str | None
) -> list[Finding]:
    answers = _answers(resolved)
    reason = (
        f"RootFi answers {error.status} {error.message}" if isinstance(error, ErrorAnswer) else error.message
    )
    match error:
        case Unauthorized() | Forbidden():
            return [answers, _bad_key(settings, stack, f"{reason} (the key is from {_source(settings)})")]
        case RateLimited():
            return [answers, not_checked(Subject.KEY, f"{reason}: wait a minute and run doctor again")]
        case Untrusted() | BadProxy():
            why = f"{resolved.base_url}: {error.message}"
            not_reached = not_checked(Subject.KEY, "RootFi was not reached")
            return [problem(Subject.URL, why, error.what_to_do()), not_reached]
        case NotFound() | Redirected():
            why = f"{resolved.base_url} answers, but is not RootFi: {error.status} {error.message}"
            return [_bad_url(settings, stack, why), _KEY_SKIPPED]
    why = f"{resolved.base_url}: {reason}"
    return [_bad_url(settings, stack, why), not_checked(Subject.KEY, "RootFi did not answer")]


def _source(settings: StackSettings) -> str:
    return "the stack's config" if settings.has(API_KEY) else str(API_KEY.variable)


def _bad_key(settings: StackSettings, stack: str | None, why: str) -> Finding:
    command = read_variable(str(API_KEY.variable))
    if settings.has(API_KEY) and stack is not None:
        command = f"pulumi config set --secret {API_KEY.key} --stack {shlex.quote(stack)}"
    remedy = "enter a key of the stack's RootFi organisation (dashboard, Settings); your input is hidden"
    return problem(Subject.KEY, why, remedy, command)


def _bad_url(settings: StackSettings, stack: str | None, why: str) -> Finding:
    if settings.has(BASE_URL) and stack is not None:
        remedy = f"correct {BASE_URL.key}, or remove it to use {BASE_URL.variable} or the default"
        return problem(
            Subject.URL, why, remedy, f"pulumi config rm {BASE_URL.key} --stack {shlex.quote(stack)}"
        )
    if os.environ.get(str(BASE_URL.variable)):
        remedy = f"correct {BASE_URL.variable}, or unset it to use the default"
        return problem(Subject.URL, why, remedy, f"unset {BASE_URL.variable}")
    remedy = "check the network, its proxy (HTTPS_PROXY, NO_PROXY) and RootFi's status"
    return problem(Subject.URL, why, remedy)


def read_variable(name: str) -> str:
    """Return a command for bash and zsh that reads a variable's value without echoing it."""
    return f"read -rs {name} && export {name}"
