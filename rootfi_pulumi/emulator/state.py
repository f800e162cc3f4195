"""The emulated RootFi's database: organisations and their integrations. Safe to use from any thread."""

import re
import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic
from typing import Any, TypeVar, Unpack, get_args

from rootfi_pulumi.emulator.models import IntegrationToCreate, IntegrationToReplace, timestamp
from rootfi_pulumi.emulator.settings import SecondPost, SecretAnswers, Settings
from rootfi_pulumi.emulator.stored import IntegrationChanges, Organisation, Snapshot, StoredIntegration

FIRST_INTEGRATION_ID = 1234
FIRST_ORGANISATION_ID = 123
_T = TypeVar("_T")
_API_KEY = re.compile(r"[!-~]+")
_NAME = re.compile(r"[^\s=](?:[^=]{0,38}[^\s=])?")
# Control characters, line separators, those that reorder other text, and surrogates, which UTF-8 has not.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class DuplicateIntegrationError(Exception):
    """The organisation already has an integration of this type, and `second_post` is "conflict"."""


class State:
    """Organisations, integrations and settings.

    `version` grows with every change to an organisation or an integration. `settings.rate_limit` is unused
    here, because `Traffic` keeps the rate limit.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.version = 0
        self.reset()

    def reset(self) -> None:
        """Remove organisations, keys and integrations; reset ids and settings."""
        with self._lock:
            self.version += 1
            self._organisations: dict[str, Organisation] = {}
            self._integrations: dict[int, StoredIntegration] = {}
            self._next_integration_id = FIRST_INTEGRATION_ID
            self._hidden_until: dict[int, float] = {}
            self.settings = Settings()

    def snapshot(self) -> Snapshot:
        """Return the current organisations and integrations, for `restore`."""
        with self._lock:
            return Snapshot(dict(self._organisations), dict(self._integrations), self._next_integration_id)

    def restore(self, snapshot: Snapshot) -> None:
        """Replace organisations and integrations with those of a snapshot; settings stay."""
        with self._lock:
            self.version += 1
            self._organisations = dict(snapshot.organisations)
            self._integrations = dict(snapshot.integrations)
            self._next_integration_id = snapshot.next_integration_id

    @property
    def secrets(self) -> SecretAnswers:
        """How `client_secret` is returned. Setting an unknown value raises `ValueError`."""
        return self.settings.secrets

    @secrets.setter
    def secrets(self, value: SecretAnswers) -> None:
        value = _one_of(value, get_args(SecretAnswers))
        self.settings = self.settings.model_copy(update={"secrets": value})

    @property
    def second_post(self) -> SecondPost:
        """What a second POST of a type does. Setting an unknown value raises `ValueError`."""
        return self.settings.second_post

    @second_post.setter
    def second_post(self, value: SecondPost) -> None:
        value = _one_of(value, get_args(SecondPost))
        self.settings = self.settings.model_copy(update={"second_post": value})

    def add_organisation(self, api_key: str | None = None, name: str | None = None) -> Organisation:
        """Add an organisation, by default with a random key and a name such as "org 123".

        Raises `ValueError` if the key or the name is in use or invalid.
        """
        is_made_up = api_key is None
        key = secrets.token_hex(20) if api_key is None else api_key
        with self._lock:
            number = FIRST_ORGANISATION_ID + len(self._organisations)
            name = f"org {number}" if name is None else self._unused_name(name)
            return self._admit(Organisation(number, key, name, is_made_up))

    def change_key(self, organisation_id: int, api_key: str) -> None:
        """Replace an organisation's key; raises `ValueError` like `add_organisation`."""
        with self._lock:
            name = self.organisation_names()[organisation_id]
            self._admit(Organisation(organisation_id, api_key, name))
            self._organisations = {
                key: each
                for key, each in self._organisations.items()
                if each.id != organisation_id or key == api_key
            }

    def _admit(self, organisation: Organisation) -> Organisation:
        if not _API_KEY.fullmatch(organisation.api_key):
            raise ValueError("an API key is one word of printable ASCII")
        if organisation.api_key in self._organisations:
            raise ValueError("an organisation already has this API key")
        self.version += 1
        self._organisations[organisation.api_key] = organisation
        return organisation

    def _unused_name(self, name: str) -> str:
        if found := _UNSAFE.search(name):
            raise ValueError(
                f"the name of an organisation has the character U+{ord(found[0]):04X}: remove it"
            )
        if not _NAME.fullmatch(name):
            raise ValueError('the name of an organisation is 1 to 40 characters without "="')
        if name in self.organisation_names().values():
            raise ValueError("an organisation already has this name")
        return name

    def organisation(self, api_key: str | None) -> Organisation | None:
        """Return the organisation of a key, or None."""
        return None if api_key is None else self._organisations.get(api_key)

    def masked_organisations(self) -> list[dict[str, Any]]:
        """Return the organisations by id, with "***" for their keys and the number of their integrations."""
        with self._lock:
            owned = Counter(each.rootfi_organisation_id for each in self._integrations.values())
            organisations = sorted(self._organisations.values(), key=lambda each: each.id)
            return [{**each.masked(), "integrations": owned[each.id]} for each in organisations]

    def organisation_names(self) -> dict[int, str]:
        """Return the name of each organisation by its id."""
        with self._lock:
            return {each.id: each.name for each in self._organisations.values()}

    def masked_integrations(self) -> list[dict[str, Any]]:
        """Return all integrations by id, with "***" for their secrets and the name of their organisation."""
        with self._lock:
            names = self.organisation_names()
            return [
                {**each.masked(), "organisation_name": names.get(each.rootfi_organisation_id)}
                for each in self._integrations.values()
            ]

    @property
    def next_integration_id(self) -> int:
        """The id of the next integration that is created without one."""
        return self._next_integration_id

    def create(
        self, organisation_id: int, body: IntegrationToCreate, *, is_disabled: bool = False
    ) -> StoredIntegration:
        """Create an integration as a POST does. Raises `DuplicateIntegrationError` on a conflict."""
        with self._lock:
            if self.second_post != "create":
                first = self._first_of(organisation_id, body.integration_type)
                if first is not None:
                    return self._second(first, body)
            members = body.model_dump(mode="json")
            integration = self.add(organisation_id, is_disabled=is_disabled, **members)
            self._hidden_until[integration.rootfi_id] = monotonic() + self.settings.visible_after
            return integration

    def _first_of(self, organisation_id: int, integration_type: str) -> StoredIntegration | None:
        of_type = (
            each for each in self.integrations(organisation_id) if each.integration_type == integration_type
        )
        return next(of_type, None)

    def _second(self, first: StoredIntegration, body: IntegrationToCreate) -> StoredIntegration:
        if self.second_post == "conflict":
            raise DuplicateIntegrationError
        if self.second_post == "existing":
            return first
        return self.edit(first.rootfi_id, **body.model_dump(exclude={"integration_type"}))

    def add(self, organisation_id: int, rootfi_id: int | None = None, **members: Any) -> StoredIntegration:
        """Add an integration regardless of `second_post`; raises `ValueError` if the id is taken."""
        with self._lock:
            if rootfi_id in self._integrations:
                raise ValueError(f"an integration already has the id {rootfi_id}")
            integration = StoredIntegration(
                rootfi_id or self._next_integration_id, organisation_id, **members
            )
            self._integrations[integration.rootfi_id] = integration
            self.version += 1
            self._next_integration_id = max(self._next_integration_id, integration.rootfi_id + 1)
            return integration

    def find(self, integration_id: int, organisation_id: int | None = None) -> StoredIntegration | None:
        """Return an integration, or None if it is missing or does not belong to the given organisation."""
        with self._lock:
            integration = self._integrations.get(integration_id)
            if integration is None or organisation_id in (None, integration.rootfi_organisation_id):
                return integration
            return None

    def shows(self, integration_id: int) -> bool:
        """Return whether GET finds this integration yet; see `Settings.visible_after`."""
        return monotonic() >= self._hidden_until.get(integration_id, 0)

    def replace(
        self, integration_id: int, organisation_id: int, body: IntegrationToReplace
    ) -> StoredIntegration | None:
        """Update an integration as a PUT does: the body replaces every member.

        Settings decide about enabling, and about `is_rootfi_identity` if the body does not have it.
        """
        with self._lock:
            before = self.find(integration_id, organisation_id)
            if before is None:
                return None
            changes = body.model_dump(exclude_unset=self.settings.put_without_identity == "kept")
            if before.is_disabled and self.settings.put_enables == "ignored":
                changes["is_disabled"] = True
            return self.edit(integration_id, **changes)

    def integrations(self, organisation_id: int | None = None) -> list[StoredIntegration]:
        """Return the integrations of one organisation, or of all, ordered by id."""
        with self._lock:
            return [
                integration
                for integration in self._integrations.values()
                if organisation_id in (None, integration.rootfi_organisation_id)
            ]

    def edit(self, integration_id: int, **changes: Unpack[IntegrationChanges]) -> StoredIntegration:
        """Change some members; raises `LookupError` for an unknown id, `TypeError` for an unknown member."""
        if unknown := changes.keys() - IntegrationChanges.__annotations__.keys():
            raise TypeError(f"cannot change {', '.join(sorted(unknown))}")
        with self._existing(integration_id) as integration:
            changed = replace(integration, rootfi_updated_at=timestamp(), **changes)
            self._integrations[integration_id] = changed
            self.version += 1
            return changed

    def remove(self, integration_id: int) -> None:
        """Remove an integration; raises `LookupError` for an unknown id. Its id is not reused."""
        with self._existing(integration_id):
            del self._integrations[integration_id]
            self.version += 1

    @contextmanager
    def _existing(self, integration_id: int) -> Iterator[StoredIntegration]:
        with self._lock:
            integration = self._integrations.get(integration_id)
            if integration is None:
                raise LookupError(f"no integration has the id {integration_id}")
            yield integration


def _one_of(value: _T, choices: tuple[_T, ...]) -> _T:
    if value not in choices:
        raise ValueError(f"must be one of {', '.join(map(str, choices))}")
    return value
