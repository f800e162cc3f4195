"""The ASGI middleware in front of RootFi's endpoints: record each request, count it, play its fault."""

import asyncio
import logging
import time
import traceback
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

from rootfi_pulumi.api.protocol import API_KEY_HEADER, INTEGRATIONS_PATH
from rootfi_pulumi.emulator import variants
from rootfi_pulumi.emulator.browser_guard import BrowserGuard
from rootfi_pulumi.emulator.connection import Receive, Scope, Send, hang_up, write_raw
from rootfi_pulumi.emulator.events import EFFECT, NOT_PROCESSED, Event
from rootfi_pulumi.emulator.faults import Fault, Operation, Target
from rootfi_pulumi.emulator.recording import RecordedRequest, parsed
from rootfi_pulumi.emulator.responses import HttpResponse, error_response
from rootfi_pulumi.emulator.shown_response import Received, shown_response
from rootfi_pulumi.emulator.state import State
from rootfi_pulumi.emulator.traffic import Arrival, Traffic

_LOGGER = logging.getLogger(__name__)
_OPERATIONS: dict[str, Operation] = {"GET": "read", "PUT": "update"}
# Not a request but the start of HTTP/2, from a gRPC client whose server used this port before.
_HTTP_2 = "PRI"


class FaultMiddleware:
    """Wraps the application with the endpoints. The page and the control routes bypass faults and the log."""

    def __init__(self, app: Any, state: State, traffic: Traffic) -> None:
        self._app = app
        self._browser_guard = BrowserGuard(app)
        self._state = state
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            if scope["method"] == _HTTP_2:
                await hang_up(scope, receive)
            elif self._browser_guard.is_guarded(scope):
                await self._browser_guard(scope, receive, send)
            elif (body := await _body(receive)) is not None:
                arrival = self._arrive(scope, body)
                try:
                    await self._play(arrival, body, scope, receive, send)
                finally:
                    self._traffic.finish(arrival)
        except asyncio.CancelledError:
            # The emulator is stopping and has closed the connection; uvicorn would log this as a crash.
            return

    def _arrive(self, scope: Scope, body: bytes) -> Arrival:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        organisation = self._state.organisation(headers.get(API_KEY_HEADER))
        request = RecordedRequest(
            method=scope["method"],
            path=scope["path"],
            organisation_id=organisation.id if organisation else None,
            headers=headers,
            body=parsed(body),
            query=scope["query_string"].decode("latin-1"),
            organisation_name=organisation.name if organisation else None,
        )
        return self._traffic.arrive(request, *self._expected(request))

    def _expected(self, request: RecordedRequest) -> tuple[Target, Event]:
        """Return what a fault is matched against, and what the log says before the request is processed."""
        if request.method == "POST" and request.path == INTEGRATIONS_PATH:
            target = Target("create", request.body_member("integration_type"), None)
            return target, Event.expected(request, None, None)
        id_format = self._state.settings.id_format
        path = variants.documented_path(request.path, id_format)
        if not variants.names_integration(path):
            return Target(None, None, None), Event.expected(request, None, None)
        operation, number = _OPERATIONS.get(request.method), variants.integration_id(path)
        if number is None:
            given = request.path.removeprefix(f"{INTEGRATIONS_PATH}/")
            return Target(operation, None, None), Event.expected(request, None, given)
        stored = self._state.find(number)
        event = Event.expected(request, stored, variants.render_id(number, id_format))
        return Target(operation, stored.integration_type if stored else None, number), event

    async def _play(self, arrival: Arrival, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        fault = arrival.fault
        await asyncio.sleep(fault.delay)
        if not fault.processed:
            await self._traffic.wait_for_release(arrival)
        if fault.hang_up == "before":
            arrival.event.what = NOT_PROCESSED
            await hang_up(scope, receive)
            return
        answer = await self._answer(arrival, body, scope)
        await self._traffic.wait_for_release(arrival)
        await asyncio.sleep(fault.delay_after)
        if fault.hang_up == "after":
            await hang_up(scope, receive)
            return
        transport = scope["state"]["transport"]
        if isinstance(answer, bytes):
            arrival.received = "nothing" if transport.is_closing() else "raw"
            await write_raw(answer, scope, receive)
            return
        arrival.request.status = answer.status
        arrival.received = await _send(answer, fault, send, transport)

    async def _answer(self, arrival: Arrival, body: bytes, scope: Scope) -> HttpResponse | bytes:
        """Process the request as its fault says; record what it did and the response."""
        fault, event = arrival.fault, arrival.event
        refusal = _refusal(arrival)
        answer = refusal or _faulty_answer(fault, arrival.request)
        if answer is None or fault.processed:
            normal = await self._process(scope, body, event)
            answer = answer or normal
        elif refusal:
            event.note_refusal(refusal)
        else:
            event.what = NOT_PROCESSED
        if isinstance(answer, HttpResponse):
            answer = replace(answer, headers=_headers(answer, arrival))
        is_own = fault.message is None and not fault.echo and fault.body is None
        arrival.response = shown_response(answer, is_own=is_own)
        return answer

    async def _process(self, scope: Scope, body: bytes, event: Event) -> HttpResponse:
        heard: list[MutableMapping[str, Any]] = []
        scope, body = variants.normalize_request(scope, body, self._state)

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            heard.append(message)

        try:
            await self._app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - a bug in the emulator: log where it happened, but no values
            frame = traceback.extract_tb(error.__traceback__)[-1]
            _LOGGER.error("emulator: %s in %s, line %s", type(error).__name__, frame.filename, frame.lineno)  # noqa: TRY400 - a traceback's message may hold a secret
            return error_response(500)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in heard[0]["headers"]}
        answer = HttpResponse(
            heard[0]["status"], headers, b"".join(part.get("body", b"") for part in heard[1:])
        )
        effect = scope["state"].get(EFFECT)
        if effect is None:
            event.note_refusal(answer)
        else:
            id_format = self._state.settings.id_format
            event.note_effect(effect, variants.render_id(effect.integration.rootfi_id, id_format))
        return answer


async def _body(receive: Receive) -> bytes | None:
    """Return the whole body, or None if the client disconnected before sending all of it."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _refusal(arrival: Arrival) -> HttpResponse | None:
    if arrival.allowance is None or not arrival.allowance.is_spent:
        return None
    return arrival.allowance.refusal(time.time())


def _faulty_answer(fault: Fault, request: RecordedRequest) -> HttpResponse | bytes | None:
    if fault.raw is not None:
        return fault.raw
    if fault.body is not None:
        body = fault.body if isinstance(fault.body, bytes) else fault.body.encode()
        return HttpResponse(fault.status or 200, {"content-type": fault.content_type}, body)
    if fault.status is None:
        return None
    message = fault.message
    if fault.echo:
        secret, key = request.body_member("client_secret"), request.headers.get(API_KEY_HEADER)
        message = f"{message or 'refused'}: client_secret {secret}, api_key {key}"
    return error_response(fault.status, message, shape=fault.shape)


def _headers(answer: HttpResponse, arrival: Arrival) -> dict[str, str]:
    allowance = arrival.allowance
    return {
        **answer.headers,
        **(allowance.headers(time.time()) if allowance else {}),
        "content-length": str(len(answer.body)),
        **{name.lower(): value for name, value in arrival.fault.headers.items()},
    }


async def _send(answer: HttpResponse, fault: Fault, send: Send, transport: asyncio.Transport) -> Received:
    """Send the response and return what the client received: it may have left, or leave meanwhile."""
    if transport.is_closing():
        return "nothing"
    await send(
        {
            "type": "http.response.start",
            "status": answer.status,
            "headers": [
                (name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()
            ],
        }
    )
    if not fault.trickle:
        await send({"type": "http.response.body", "body": answer.body})
        return "all"
    for byte in answer.body:
        if transport.is_closing():
            return "part"
        await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
        await asyncio.sleep(fault.trickle)
    await send({"type": "http.response.body"})
    return "all"
