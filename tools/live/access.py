"""Read from the environment which RootFi to ask, and get the user's consent to ask it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TextIO

from rootfi_pulumi.api.settings import Settings
from rootfi_pulumi.declaration.settings import API_KEY, BASE_URL, SettingsError, resolve

KEY, URL = "ROOTFI_LIVE_API_KEY", "ROOTFI_LIVE_BASE_URL"
OTHER_KEY, OTHER_ID = "ROOTFI_LIVE_OTHER_API_KEY", "ROOTFI_LIVE_OTHER_INTEGRATION_ID"

WARNING = """\
This asks {url} up to {requests} requests with the key in {key}.
It creates up to two ROOTFI_SANDBOX integrations with made-up credentials and leaves them disabled:
RootFi cannot delete them. Use an organisation that has no ROOTFI_SANDBOX integration of its own."""
NO_CONSENT = """\
Nothing was asked. To ask RootFi, confirm with --yes:

make test-live LIVE_OPTIONS=--yes"""


class UsageError(Exception):
    """The command cannot run as it was given. The text says what to do."""


@dataclass(frozen=True)
class Access:
    """Which RootFi to ask, and as whom. `other_key` or `other_id` (or neither) names another organisation."""

    base_url: str
    api_key: str = field(repr=False)
    other_key: str | None = field(default=None, repr=False)
    other_id: str | None = None

    @property
    def secrets(self) -> list[str]:
        """The keys, which no output may hold."""
        return [key for key in (self.api_key, self.other_key) if key]


def read(environ: Mapping[str, str]) -> Access:
    """Return the access that the environment names. Raises UsageError for a missing or unusable variable."""
    missing = [name for name in (KEY, URL) if not environ.get(name)]
    if missing:
        raise UsageError(f"{' and '.join(missing)} must be set: see docs/live.md")
    url, other_key = environ[URL], environ.get(OTHER_KEY) or None
    settings = _settings(url, environ[KEY], KEY)
    _settings(url, other_key or environ[KEY], OTHER_KEY)
    if other_key == settings.api_key:
        raise UsageError(f"{OTHER_KEY} must be the key of another organisation than {KEY}")
    other_id = environ.get(OTHER_ID) or None
    if other_id is not None and not other_id.replace("-", "").isalnum():
        raise UsageError(f"{OTHER_ID} must be an id of letters, digits and hyphens")
    return Access(settings.base_url, settings.api_key, other_key, other_id)


def _settings(url: str, api_key: str, variable: str) -> Settings:
    try:
        return resolve({API_KEY.key: api_key, BASE_URL.key: url}.get)
    except SettingsError as error:
        raise UsageError(f"{URL if error.setting is BASE_URL else variable} {error.what}") from None


def confirm(access: Access, requests: int, *, yes: bool, stdin: TextIO, stderr: TextIO) -> None:
    """Return if the user agrees, by `--yes` or by typing `yes` at a terminal; else raises UsageError."""
    warning = WARNING.format(url=access.base_url, requests=requests, key=KEY)
    print(warning, file=stderr, flush=True)
    if yes:
        return
    if not stdin.isatty():
        raise UsageError(NO_CONSENT)
    print("Type yes to go on: ", end="", file=stderr, flush=True)
    if stdin.readline().strip() != "yes":
        raise UsageError(NO_CONSENT)
