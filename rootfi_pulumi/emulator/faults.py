"""Faults on demand: which requests they meet, and what happens to those."""

import re
import threading
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from rootfi_pulumi.api.models import IntegrationType
from rootfi_pulumi.api.protocol import RETRY_AFTER_HEADER
from rootfi_pulumi.api.suggestions import closest_word
from rootfi_pulumi.emulator.models import check_unicode
from rootfi_pulumi.emulator.recording import MASKED
from rootfi_pulumi.emulator.responses import WITHOUT_BODY, ErrorShape

Operation = Literal["create", "read", "update"]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]

_SHOWN_HEADERS = {"content-type", RETRY_AFTER_HEADER.lower()}
# The HTTP server writes these: another value would make it fail, or cut the response.
_OWNED_HEADERS = {
    "connection",
    "content-length",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_OF_BODY = {"message", "shape", "echo", "body", "content_type", "trickle"}
_WITHOUT_EFFECT = "it has no effect: set what happens, such as status, hold or hang_up"
_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_HEADER_VALUE = re.compile(r"(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?")


def _check_type(name: str) -> str:
    if name in set(IntegrationType):
        return name
    similar = closest_word(name, IntegrationType)
    what_to_do = f"did you mean {similar}?" if similar else f"use one of {', '.join(IntegrationType)}"
    raise ValueError(f"not one of RootFi's {len(IntegrationType)} types: {what_to_do}")


class Fault(BaseModel):
    """Something that goes wrong with a request. Members combine; what has no effect is an error.

    Which requests it meets, by default every one:
        operation: the endpoint: "create" (POST), "read" (GET) or "update" (PUT).
        integration_type, integration_id: the request's integration; for a create, the type in its body. The
            type is one of RootFi's 17: for an integration of another type use its id.
        skip: how many matching requests pass first.
        times: how many requests it meets after those; None means until the fault is removed.

    What happens, in this order:
        delay: seconds before the request is processed.
        hold: the request waits for `release()` before it is processed or, with `processed`, after that.
        hang_up: the connection is closed without a response, "before" or "after" the request is processed.
        processed: the request takes effect, although `status`, `body` or `raw` replaces its response.
        delay_after: seconds between processing and the response.
        status: the response's status instead of the normal one, 200 to 599. The body is an error with
            `message` (default: the status phrase) in `shape`: one of RootFi's documented shapes, or not JSON.
            With 204 or 304 there is no body.
        echo: the message also quotes the request's client_secret and API key, as a careless server might.
        body: the response's body instead of the normal one, with status 200 or `status`, as `content_type`.
        raw: bytes written to the connection instead of a response; then the connection is closed.
        headers: headers added to the response, except those that the HTTP server writes, such as
            Content-Length: use `raw` for these.
        trickle: seconds between the bytes of the response's body.

    Raises `pydantic.ValidationError`, a `ValueError`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    operation: Operation | None = None
    integration_type: Annotated[str, AfterValidator(_check_type)] | None = None
    integration_id: int | None = Field(default=None, ge=1)
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

    # A message may have lone surrogates: JSON escapes them.
    @field_validator("body", "content_type")
    @classmethod
    def _is_unicode(cls, value: bytes | str | None) -> bytes | str | None:
        return check_unicode(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_effect(self) -> Self:
        if not (self.replaces_answer or self._alters_answer):
            raise ValueError(_WITHOUT_EFFECT)
        given = self.model_fields_set
        if self.hang_up and (useless := given & {"status", "body", "raw", "headers", "trickle"}):
            raise ValueError(f"hang_up sends no response: remove {_names(useless)}")
        if self.raw is not None and (useless := given & {"status", "body", "headers", "trickle"}):
            raise ValueError(f"raw replaces the whole response: remove {_names(useless)}")
        if self.status in WITHOUT_BODY and (useless := given & _OF_BODY):
            raise ValueError(f"a response with status {self.status} has no body: remove {_names(useless)}")
        if self.hang_up == "before" and self.processed:
            raise ValueError('hang_up "before" contradicts processed: remove one of them')
        is_error = self.status is not None and self.body is None
        if not is_error and (useless := given & {"message", "shape", "echo"}):
            raise ValueError(f"only an error response has {_names(useless)}: set a status and no body")
        if self.body is None and "content_type" in given:
            raise ValueError("content_type needs a body: set one")
        if self.processed and not (self.replaces_answer or self.hold or self.hang_up):
            raise ValueError("processed has no effect alone: set a status, a body, raw or hold")
        _check_headers([*self.headers.items(), ("content-type", self.content_type)])
        _check_names([name.lower() for name in self.headers])
        return self

    def masked(self) -> dict[str, Any]:
        """Return the members that were set, with "***" for everything that may hold a key or a secret."""
        members = type(self).model_fields.items()
        shown = {
            name: getattr(self, name) if member.repr else MASKED
            for name, member in members
            if name in self.model_fields_set
        }
        if "headers" in shown:
            shown["headers"] = {
                name: value if name.lower() in _SHOWN_HEADERS else MASKED
                for name, value in self.headers.items()
            }
        return shown

    @property
    def replaces_answer(self) -> bool:
        """Whether the fault replaces the normal response."""
        return self.status is not None or self.body is not None or self.raw is not None

    @property
    def _alters_answer(self) -> bool:
        is_late = self.delay or self.hold or self.delay_after or self.trickle
        # The other members are invalid without one of these, and say so better.
        is_invalid = self.processed or self.model_fields_set & {"message", "shape", "echo", "content_type"}
        return bool(is_late or self.hang_up or self.headers or is_invalid)


@dataclass(frozen=True, slots=True)
class Target:
    """What faults are matched against: a request that is not for the control routes."""

    operation: Operation | None
    integration_type: str | None
    integration_id: int | None


@dataclass(slots=True)
class _Pending:
    number: int
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

    The first injected fault that matches a request takes it. A fault that still skips requests counts it and
    leaves it to the next fault.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pending: list[_Pending] = []
        self._count = 0

    def inject(self, fault: Fault) -> int:
        """Add a fault behind those that already wait; return its id, for `remove`."""
        with self._lock:
            self._count += 1
            self._pending.append(_Pending(self._count, fault, fault.skip, fault.times))
            return self._count

    def remove(self, number: int) -> None:
        """Remove a fault that still waits; raises `LookupError` if none has this id."""
        with self._lock:
            for pending in self._pending:
                if pending.number == number:
                    self._pending.remove(pending)
                    return
        raise LookupError(f"no waiting fault has the id {number}: it has met its requests or was removed")

    def clear(self) -> None:
        """Remove the faults that still wait."""
        with self._lock:
            self._pending.clear()

    def masked(self) -> list[dict[str, Any]]:
        """Return the waiting faults, masked, with their ids; `skip` and `times` are the remaining counts."""
        with self._lock:
            return [
                {
                    **pending.fault.masked(),
                    "id": pending.number,
                    "skip": pending.skip,
                    "times": pending.times,
                }
                for pending in self._pending
            ]

    def take(self, target: Target) -> Fault | None:
        """Return the fault for this request, or None, and count the request."""
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


def _check_headers(headers: list[tuple[str, str]]) -> None:
    for name, value in headers:
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError("headers: a name is letters, digits and hyphens, before a colon")
        if not _HEADER_VALUE.fullmatch(value):
            raise ValueError("headers: a value is one line of Latin-1 text without spaces around it")


def _check_names(names: list[str]) -> None:
    for name in names:
        if name in _OWNED_HEADERS:
            raise ValueError(f"headers: the HTTP server writes {name}: use raw for that")
        if names.count(name) > 1:
            raise ValueError(f"headers: {name} is given twice: join its values with a comma")


def _names(members: set[str]) -> str:
    return ", ".join(sorted(members))
