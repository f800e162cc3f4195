"""Describe each setting once, and resolve them: the config overrides the environment and the default.

The program, the provider, `check`, `doctor`, the JSON Schema and the table in docs/declare.md are derived
from SETTINGS; RootFiProvider repeats the arguments for type checkers.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from rootfi_pulumi.api import settings
from rootfi_pulumi.api.printable import excerpt
from rootfi_pulumi.api.sources import Sources

NAMESPACE = "rootfi"
"""The namespace of the settings in a stack's config, whatever the project's name is."""
# Characters of a provider's name that a message shows.
_LONGEST_NAME = 80
# Refresh and destroy use the config in the state, which holds no environment variable.
_STORED = "; after changing the {}, give refresh and destroy --run-program"


@dataclass(frozen=True)
class Setting:
    """A setting: its `name` in the namespace, and the `argument` that gives it to a RootFiProvider, if any.

    `problem_of` says what is wrong with a value, a text, or returns None. `variable` is the environment
    variable that gives it where nothing else does. A number lies between `least` and `greatest`.
    """

    name: str
    help: str
    problem_of: Callable[[str], str | None]
    argument: str | None = None
    variable: str | None = None
    default: str | float = ""
    least: float | None = None
    greatest: float | None = None

    @property
    def key(self) -> str:
        """The full key in a stack's config, such as `rootfi:apiKey`."""
        return f"{NAMESPACE}:{self.name}"


API_KEY = Setting(
    "apiKey",
    "Key of the RootFi organisation, encrypted; or set ROOTFI_API_KEY instead.",
    settings.api_key_problem,
    argument="api_key",
    variable="ROOTFI_API_KEY",
)
BASE_URL = Setting(
    "baseUrl",
    "Address of RootFi's API: https, or http on this machine.",
    settings.base_url_problem,
    argument="base_url",
    variable="ROOTFI_BASE_URL",
    default=settings.DEFAULT_BASE_URL,
)
TIMEOUT = Setting(
    "timeoutSeconds",
    "Seconds that a call to RootFi may take, including its retries and waits.",
    settings.timeout_problem,
    argument="timeout_seconds",
    default=settings.DEFAULT_TIMEOUT,
    least=settings.SHORTEST_TIMEOUT,
    greatest=settings.LONGEST_TIMEOUT,
)
CONCURRENCY = Setting(
    "concurrency",
    "Calls to RootFi that may be under way at once; at most what `pulumi up --parallel` allows.",
    settings.concurrency_problem,
    argument="concurrency",
    default=settings.DEFAULT_CONCURRENCY,
    least=settings.LEAST_CONCURRENCY,
    greatest=settings.GREATEST_CONCURRENCY,
)
INTEGRATIONS = Setting(
    "integrations",
    "The environment's integrations, by name; {} for none.",
    # `model` validates it.
    lambda _: None,
)
OF_A_CALL = (API_KEY, BASE_URL, TIMEOUT, CONCURRENCY)
"""The settings with which RootFi is called; a RootFiProvider gives them, too."""
SETTINGS = (*OF_A_CALL, INTEGRATIONS)
"""Every setting."""

NO_KEY = f"no RootFi API key: run `pulumi config set --secret {API_KEY.key}`, or set {API_KEY.variable}"
"""What is wrong, and what to do, where a program or its provider finds no API key."""


class SettingsError(ValueError):
    """A setting is missing or unusable: `source` is where it is given, `what` the problem and the remedy."""

    def __init__(self, setting: Setting, source: str, what: str) -> None:
        super().__init__(f"{source}: {what}")
        self.setting = setting
        self.source = source
        self.what = what


def resolve(
    explicit: Callable[[str], str | None],
    environ: Mapping[str, str] = os.environ,
    *,
    provider: str | None = None,
) -> settings.Settings:
    """Complete explicit settings from environment variables and defaults.

    `explicit` returns the value of a full key, or None. `provider` is the name of the RootFiProvider that
    gives them; None for the stack's config. A provider gets no key from the environment, since that is of
    another organisation. Raises SettingsError for the first that is missing or unusable.
    """
    if mistakes := list(find_mistakes(explicit, environ, provider=provider)):
        raise mistakes[0]
    values, sources = {}, {}
    for setting in OF_A_CALL:
        value, sources[setting.name] = _find(setting, explicit(setting.key), environ, provider)
        values[setting.name] = setting.default if value is None else value
    return settings.Settings(
        str(values[API_KEY.name]),
        str(values[BASE_URL.name]).rstrip("/"),
        float(values[TIMEOUT.name]),
        int(values[CONCURRENCY.name]),
        Sources(
            sources[API_KEY.name],
            sources[BASE_URL.name],
            sources[TIMEOUT.name],
            after_key=_after(API_KEY, sources[API_KEY.name], "key"),
            after_url=_after(BASE_URL, sources[BASE_URL.name], "address"),
        ),
    )


def find_mistakes(
    explicit: Callable[[str], str | None],
    environ: Mapping[str, str] = os.environ,
    *,
    provider: str | None = None,
) -> Iterator[SettingsError]:
    """Yield an error for each setting that is missing or unusable; the arguments are those of `resolve`."""
    for setting in OF_A_CALL:
        value, source = _find(setting, explicit(setting.key), environ, provider)
        if setting is API_KEY and value is None and provider is None:
            yield SettingsError(setting, setting.key, NO_KEY)
            continue
        given = "" if setting is API_KEY and value is None else value
        if given is not None and (problem := setting.problem_of(given)):
            yield SettingsError(setting, source, problem)


def _find(
    setting: Setting, given: str | None, environ: Mapping[str, str], provider: str | None
) -> tuple[str | None, str]:
    """Return a setting's value and where it is given, or could be."""
    source = setting.key
    if provider is not None:
        source = f'{setting.argument} of RootFiProvider "{excerpt(provider, _LONGEST_NAME)}"'
    if given is not None or not setting.variable or (setting is API_KEY and provider is not None):
        return given, source
    value = environ.get(setting.variable) or None
    return value, setting.variable if value else f"{source} or {setting.variable}"


def _after(setting: Setting, source: str, what: str) -> str:
    return "" if source == setting.variable else _STORED.format(what)
