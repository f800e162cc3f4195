"""Faults on demand: which requests they meet and what they do to them."""

import threading
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rootfi_pulumi.api.protocol import RETRY_AFTER_HEADER
from rootfi_pulumi.emulator.responses import ErrorShape

Operation = Literal["create", "read", "update"]
Seconds = Annotated[float, Field(ge=0)]

_SHOWN_HEADERS = {"content-type", RETRY_AFTER_HEADER.lower()}


class Fault(BaseModel):
    """Something that goes wrong with a request. Members combine; one that would have no effect is an error.

    Which requests, all by default:
        operation: the endpoint: POST, GET or PUT.
        integration_type, integration_id: of the request's integration; on a create the type is the body's.
        skip: so many that match go through first.
        times: so many are met after that; None means until the faults are cleared.

    What happens, in this order:
        delay: seconds before the request is processed.
        hold: it waits for `release()`, before it is processed or, with `processed`, after that.
        hang_up: the connection is closed without an answer, "before" or "after" the request is processed.
        processed: with `status`, `body` or `raw`: the request takes effect all the same.
        delay_after: seconds between processing and the answer.
        status: answered instead of the normal one, 200 to 599, as an error with `message` (by default what
            the status is called) in `shape`: one of the three that RootFi documents or no JSON at all.
        echo: the message also holds the request's client_secret and API key, as a careless server's would.
        body: answered as it is instead of the normal one, with 200 or `status`, as `content_type`.
        raw: written to the connection as it is instead of an answer; then the connection is closed.
        headers: added to the answer, whichever it is.
        trickle: seconds between the bytes of the answer's body.

    Raises `pydantic.ValidationError`, a `ValueError`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    operation: Operation | None = None
    integration_type: str | None = None
    integration_id: int | None = None
    skip: int = Field(default=0, ge=0)
    times: int | None = Field(default=1, ge=1)

    delay: Seconds = 0
    hold: bool = False
    hang_up: Literal["before", "after"] | None = None
    processed: bool = False
    delay_after: Seconds = 0
    status: int | None = Field(default=None, ge=200, le=599)
    message: str | None = Field(default=None, repr=False)
    shape: ErrorShape = "v3"
    echo: bool = False
    body: bytes | str | None = Field(default=None, repr=False)
    content_type: str = "application/json"
    raw: bytes | None = Field(default=None, min_length=1, repr=False)
    headers: dict[str, str] = Field(default={}, repr=False)
    trickle: Seconds = 0

    @model_validator(mode="after")
    def _has_effect(self) -> Self:
        given = self.model_fields_set
        if self.hang_up and (useless := given & {"status", "body", "raw", "headers", "trickle"}):
            raise ValueError(f"nothing is answered after hang_up, so without effect: {_names(useless)}")
        if self.raw is not None and (useless := given & {"status", "body", "headers", "trickle"}):
            raise ValueError(f"raw is all that is written, so without effect: {_names(useless)}")
        if self.hang_up == "before" and self.processed:
            raise ValueError("hang_up before processing and processed contradict each other")
        is_error = self.status is not None and self.body is None
        if not is_error and (useless := given & {"message", "shape", "echo"}):
            raise ValueError(f"only an error has it, so it needs a status and no body: {_names(useless)}")
        if self.body is None and "content_type" in given:
            raise ValueError("content_type needs a body")
        if self.processed and not (self.replaces_answer or self.hold or self.hang_up):
            raise ValueError("processed needs a status, a body, raw or hold")
        return self

    def masked(self) -> dict[str, Any]:
        """Return the members that were given, with "***" for whatever may hold a key or a secret."""
        members = type(self).model_fields.items()
        shown = {
            name: getattr(self, name) if member.repr else "***"
            for name, member in members
            if name in self.model_fields_set
        }
        if "headers" in shown:
            shown["headers"] = {
                name: value if name.lower() in _SHOWN_HEADERS else "***"
                for name, value in self.headers.items()
            }
        return shown

    @property
    def replaces_answer(self) -> bool:
        """Whether something else than the normal answer is given."""
        return self.status is not None or self.body is not None or self.raw is not None


@dataclass(frozen=True, slots=True)
class Target:
    """What faults are matched against: one request outside the control routes."""

    operation: Operation | None
    integration_type: str | None
    integration_id: int | None


@dataclass(slots=True)
class _Pending:
    fault: Fault
    skip: int
    times: int | None

    def matches(self, target: Target) -> bool:
        return all(
            wanted is None or wanted == actual
            for wanted, actual in (
                (self.fault.operation, target.operation),
                (self.fault.integration_type, target.integration_type),
                (self.fault.integration_id, target.integration_id),
            )
        )


class Faults:
    """The faults that wait for a request. Safe to use from any thread.

    They are looked at in the order of their injection: the first that matches takes the request. One that
    still skips counts the request and lets the next one look at it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: list[_Pending] = []

    def inject(self, fault: Fault) -> None:
        """Let a fault wait, behind those that wait already."""
        with self._lock:
            self._pending.append(_Pending(fault, fault.skip, fault.times))

    def clear(self) -> None:
        """Drop the faults that still wait."""
        with self._lock:
            self._pending.clear()

    def masked(self) -> list[dict[str, Any]]:
        """Return those that wait, masked; `skip` and `times` are what is left of them."""
        with self._lock:
            return [
                {**pending.fault.masked(), "skip": pending.skip, "times": pending.times}
                for pending in self._pending
            ]

    def take(self, target: Target) -> Fault | None:
        """Return the fault that meets this request, or None."""
        with self._lock:
            for pending in self._pending:
                if not pending.matches(target):
                    continue
                if pending.skip:
                    pending.skip -= 1
                    continue
                if pending.times is not None:
                    pending.times -= 1
                    if not pending.times:
                        self._pending.remove(pending)
                return pending.fault
        return None


def _names(members: set[str]) -> str:
    return ", ".join(sorted(members))
