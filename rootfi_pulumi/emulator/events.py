"""What a request did, in words for the page's log."""

from dataclasses import dataclass
from typing import Any

from rootfi_pulumi.emulator.recording import RecordedRequest, parsed
from rootfi_pulumi.emulator.responses import HttpResponse
from rootfi_pulumi.emulator.stored import StoredIntegration

EFFECT = "effect"
"""A key in the state of a request's scope: the `Effect` that the endpoint had."""

NOT_PROCESSED = "not processed"
_CREATED = "created"


@dataclass(frozen=True, slots=True)
class Effect:
    """What an endpoint did, such as "created", and the integration afterwards."""

    what: str
    integration: StoredIntegration

    @classmethod
    def of_create(cls, integration: StoredIntegration, *, is_new: bool, second_post: str) -> "Effect":
        """Return the effect of a POST; without a new integration, `second_post` decided what it did."""
        if is_new:
            return cls(_CREATED, integration)
        verb = "replaced" if second_post == "replace" else "returned"
        return cls(f"{verb} the existing one", integration)

    @classmethod
    def of_update(cls, before: StoredIntegration, after: StoredIntegration) -> "Effect":
        """Return the effect of a PUT; enabling and disabling matter more than other changes."""
        if before.is_disabled != after.is_disabled:
            return cls("disabled" if after.is_disabled else "enabled", after)
        is_same = before.declared() == after.declared()
        return cls("unchanged" if is_same else "updated", after)


@dataclass(slots=True)
class Event:
    """One line of the log: which integration of which organisation, and what happened to it.

    `what` is None until the request is processed or refused. `rootfi_id` has the format that the settings
    choose. It holds no secret.
    """

    integration_type: str | None
    client_id: str | None
    rootfi_id: int | str | None
    organisation: str | None
    what: str | None = None

    @classmethod
    def expected(cls, request: RecordedRequest, stored: StoredIntegration | None, number: Any) -> "Event":
        """Return what is known before the request is processed; `number` is the id in its path, if any."""
        return cls(
            integration_type=stored.integration_type if stored else request.body_member("integration_type"),
            client_id=stored.client_id if stored else request.body_member("client_id"),
            rootfi_id=number,
            organisation=request.organisation_name,
        )

    def note_effect(self, effect: Effect, rootfi_id: int | str) -> None:
        """Add what the endpoint did."""
        self.integration_type = effect.integration.integration_type
        self.client_id = effect.integration.client_id
        self.rootfi_id = rootfi_id
        self.what = effect.what

    def note_refusal(self, answer: HttpResponse) -> None:
        """Add why the emulator, not a fault, refused the request."""
        body = parsed(answer.body)
        error = body.get("error") if isinstance(body, dict) else None
        message = error.get("message") if isinstance(error, dict) else None
        self.what = f"refused: {message or answer.status}"

    def shown(self) -> dict[str, Any]:
        """Return the event as JSON values, with its `line` such as "XERO · app-6 → 1259 · org 123"."""
        return {
            "integration_type": self.integration_type,
            "client_id": self.client_id,
            "rootfi_id": self.rootfi_id,
            "organisation": self.organisation,
            "what": self.what,
            "line": self._line(),
        }

    def _line(self) -> str:
        members = [each for each in (self.integration_type, self.client_id) if each]
        if self.what == _CREATED:
            parts = [f"{' · '.join(members)} → {self.rootfi_id}"]
        else:
            number = [] if self.rootfi_id is None else [str(self.rootfi_id)]
            parts = [*number, *members, *([self.what] if self.what else [])]
        return " · ".join([*parts, *([self.organisation] if self.organisation else [])])
