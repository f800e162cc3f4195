"""The integrations that a run creates: their made-up credentials, and that each ends disabled."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from rootfi_pulumi.api.clock import Clock
from rootfi_pulumi.api.models import IntegrationType
from tools.live.exchange import Exchange, Sender, StopError

# Requests that are kept for each integration that is not known to be disabled.
TRIES = 2
_BETWEEN_TRIES = 2.0
# An integration that was changed so long after its creation was there before the POST.
_NEW = timedelta(minutes=1)


@dataclass
class Credentials:
    """A made-up client id and secret."""

    client_id: str = field(default_factory=lambda: f"rootfi-live-test-{secrets.token_hex(6)}")
    client_secret: str = field(default_factory=lambda: f"made-up-{secrets.token_hex(16)}", repr=False)

    def body(self, **members: Any) -> dict[str, Any]:
        """Return a request's body with these credentials and the given members."""
        return {"client_id": self.client_id, "client_secret": self.client_secret, **members}

    def to_create(self, **members: Any) -> dict[str, Any]:
        """Return the body of a POST, always of type ROOTFI_SANDBOX."""
        return self.body(integration_type=IntegrationType.ROOTFI_SANDBOX.value, **members)


@dataclass
class Created:
    """One integration of this run. `is_disabled` is what its last answer said, None if none did."""

    rootfi_id: int | str
    credentials: Credentials
    is_disabled: bool | None = None

    @property
    def in_path(self) -> str:
        """The id as a path has it."""
        return str(self.rootfi_id)

    def note(self, exchange: Exchange) -> None:
        """Note what an answer says of it. A refusal leaves what was known; anything else makes it unknown."""
        if exchange.is_success:
            answered = exchange.integration.get("is_disabled")
            self.is_disabled = answered if isinstance(answered, bool) else None
        elif not exchange.is_refusal:
            self.is_disabled = None


class CleanUp:
    """Keep what a run creates, and disable it.

    `uncertain` has the client ids of POSTs that may have created something under an unknown id;
    `overwritten` has the ids of older integrations to which a POST gave new credentials.
    """

    def __init__(self, sender: Sender, say: Callable[[str], None]) -> None:
        self.created: list[Created] = []
        self.uncertain: list[str] = []
        self.overwritten: list[str] = []
        self._sender = sender
        self._say = say

    def keep_reserve(self, *, enables: bool = False) -> None:
        """Reserve requests for what is enabled and, if `enables`, for what the next request adds to it."""
        enabled = sum(each.is_disabled is not True for each in self.created)
        self._sender.reserve = TRIES * (enabled + enables)

    def take(self, exchange: Exchange, credentials: Credentials) -> Created | None:
        """Return the integration that a POST created, or None if it created none that is surely ours.

        It is ours if it has the client id that this POST sent, is new, and no other POST of this run
        created it.
        """
        if not exchange.is_success:
            if exchange.may_have_arrived and not exchange.is_refusal:
                self.uncertain.append(credentials.client_id)
            return None
        answered = exchange.integration
        rootfi_id = answered.get("rootfi_id")
        if not isinstance(rootfi_id, int | str) or not rootfi_id or "client_id" not in answered:
            self.uncertain.append(credentials.client_id)
            return None
        if answered["client_id"] != credentials.client_id:
            return None
        for each in self.created:
            if each.rootfi_id == rootfi_id:
                each.credentials = credentials
                return None
        if not _is_new(answered):
            self.overwritten.append(str(rootfi_id))
            return None
        created = Created(rootfi_id, credentials)
        created.note(exchange)
        self.created.append(created)
        return created

    def disable_all(self, clock: Clock) -> None:
        """Disable what is not known to be disabled, waiting by `clock`; say what could not be."""
        self._sender.begin_clean_up(clock)
        for attempt in range(TRIES + 1):
            enabled = [each for each in self.created if each.is_disabled is not True]
            if not enabled:
                return
            if attempt:
                self._sender.sleep(_BETWEEN_TRIES)
            for each in enabled:
                self._disable(each)

    def _disable(self, created: Created) -> None:
        self._say(f"disabling integration {created.in_path}")
        body = created.credentials.body(is_disabled=True, is_rootfi_identity=False)
        try:
            created.note(self._sender.send("PUT", created.in_path, body))
            if created.is_disabled is None:
                created.note(self._sender.send("GET", created.in_path))
        except StopError as stop:
            self._say(f"integration {created.in_path} was not disabled: {stop}")

    def problems(self) -> list[str]:
        """Return one line for each integration that this run may have left enabled."""
        lines = [
            f"integration {each.in_path} is not known to be disabled: disable it in RootFi's dashboard"
            for each in self.created
            if each.is_disabled is not True
        ]
        lines += [
            f"a POST had no usable answer: disable client id {client_id} in RootFi's dashboard if it is there"
            for client_id in self.uncertain
        ]
        lines += [
            f"a POST overwrote the credentials of integration {rootfi_id}: set them in RootFi's dashboard"
            for rootfi_id in self.overwritten
        ]
        return lines


def _is_new(integration: dict[str, Any]) -> bool:
    """Return whether an integration was created by its last change; True if its timestamps do not say."""
    try:
        created, updated = (
            datetime.fromisoformat(integration[f"rootfi_{each}_at"]) for each in ("created", "updated")
        )
        return updated - created < _NEW
    except (KeyError, TypeError, ValueError):
        return True
