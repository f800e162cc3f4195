"""The rows of the fault matrix: each is a fault of the network or the server, with the expected outcomes.

They are written by hand from the promises in docs/recovery.md, not derived from the code.
"""

import functools
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

AGAIN = " ↻"
"""The request is retried until it succeeds or the call's timeout ends."""

# The outcome of a POST, a GET, a PUT.
Outcomes = tuple[str, str, str]
DONE: Outcomes = ("done", "done", "done")
REFUSED: Outcomes = ("error", "error", "error")
UNKNOWN: Outcomes = ("unfinished", "error", "error")
# The server did not accept the request, but may accept a retry.
NOT_TAKEN: Outcomes = ("error ↻", "error ↻", "error ↻")
NOT_TAKEN_ONCE: Outcomes = ("done ↻", "done ↻", "done ↻")
# A POST may have succeeded, so it is not retried. A GET and a PUT are idempotent.
LOST: Outcomes = ("unfinished", "error ↻", "error ↻")
LOST_ONCE: Outcomes = ("unfinished", "done ↻", "done ↻")

ID = 1234
"""The id of the only integration in each cell."""
SECRET = "secret/of+rootfi"
TIMEOUT = 5
"""The timeout of a call, in seconds."""

_RIGHT = {"rootfi_id": ID, "client_secret": SECRET}
_RIGHT_BODY = json.dumps({"data": _RIGHT})
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_INTERIM = b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
_WHEN = "Fri, 01 Jan 2027 00:00:00 GMT"
_WHEN_EPOCH = 1798761600
_TWO_SECONDS_LATER = "Fri, 01 Jan 2027 00:00:02 GMT"
_IMPOSSIBLE_DATE = "Fri, 31 Dec 99999 23:59:59 GMT"
_MEGABYTE = 1_000_000
_CONTROLS = "\x1b[31mred\x1b]0;title\x07 first\r\nsecond\x00\u202e\u2028"


@dataclass(frozen=True)
class Row:
    """A fault: its name, the members of the emulator's `Fault`, and the expected outcome of each request.

    `cells` overrides outcomes by operation, such as "read first"; None if the fault cannot occur there.
    `waits` is the minimum number of seconds before a retry.
    """

    name: str
    fault: dict[str, Any] = field(repr=False)
    outcomes: Outcomes
    cells: Mapping[str, str | None] = field(default_factory=dict)
    waits: float = 0


def _answered(body: str | bytes, **members: Any) -> dict[str, Any]:
    """Return a fault whose request takes effect and gets this body as its response."""
    return {"body": body, "processed": True, **members}


def _data(**members: Any) -> dict[str, Any]:
    return _answered(json.dumps({"data": _RIGHT | members}))


def _headers(status: int, **headers: object) -> dict[str, Any]:
    return {
        "status": status,
        "headers": {name.replace("_", "-"): str(value) for name, value in headers.items()},
    }


def _raw(*parts: bytes) -> dict[str, Any]:
    return {"raw": b"".join(parts), "processed": True}


def _once(fault: dict[str, Any]) -> dict[str, Any]:
    return {**fault, "times": 1}


def _nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


@functools.cache
def _gzipped_megabytes(count: int, byte: bytes) -> bytes:
    return gzip.compress(byte * _MEGABYTE, 1) * count


def _connections() -> list[Row]:
    right = _RIGHT_BODY.encode()
    length = b"Content-Length: %d\r\n"
    return [
        Row("closed before it is processed", {"hang_up": "before"}, LOST),
        Row("closed before it is processed, once", _once({"hang_up": "before"}), LOST_ONCE),
        Row("closed after it is processed", {"hang_up": "after"}, LOST),
        Row("closed after it is processed, once", _once({"hang_up": "after"}), LOST_ONCE),
        Row("no response in time", {"hold": True}, LOST),
        Row("no response in time, once", _once({"hold": True}), LOST_ONCE),
        Row("no response in time, though processed", {"hold": True, "processed": True}, LOST),
        Row("a response that trickles past the deadline", {"trickle": 0.02}, UNKNOWN),
        Row("not HTTP", _raw(b"SSH-2.0-OpenSSH_9.6\r\n"), LOST),
        Row("not HTTP, once", _once(_raw(b"SSH-2.0-OpenSSH_9.6\r\n")), LOST_ONCE),
        Row("HTTP/2 frames", _raw(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00"), LOST),
        Row("a bad status line", _raw(b"HTTP/1.1 yes OK\r\n\r\n"), LOST),
        Row("a truncated head", _raw(_HEAD), UNKNOWN),
        Row("a truncated body", _raw(_HEAD, length % 9999, b"\r\n", right), LOST),
        Row("a truncated body, once", _once(_raw(_HEAD, length % 9999, b"\r\n", right)), LOST_ONCE),
        Row("an error with a truncated body", _raw(b"HTTP/1.1 500 No\r\n", length % 99, b"\r\n{"), UNKNOWN),
        Row("a bad chunk", _raw(_HEAD, b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), LOST),
        Row("200 headers", _raw(_HEAD, b"X-Flood: x\r\n" * 200, length % len(right), b"\r\n", right), LOST),
        Row("a header of 100 KB", _raw(_HEAD, b"X-Long: ", b"x" * 100_000, b"\r\n\r\n", right), LOST),
        Row(
            "1,000 interim responses (100) and no final one",
            _raw(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
            LOST,
        ),
        Row("an interim response (103) and no final one", _raw(b"HTTP/1.1 103 Early Hints\r\n\r\n"), LOST),
        Row("101, another protocol", _raw(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"), UNKNOWN),
        Row("two different lengths", _raw(_HEAD, b"Content-Length: 1, 2\r\n\r\n", right), LOST),
        Row(
            "the right response after interim ones (102, 103)",
            _raw(_INTERIM, _HEAD, length % len(right), b"\r\n", right),
            DONE,
        ),
        Row("the right response in HTTP/1.0", _raw(b"HTTP/1.0 200 OK\r\n\r\n", right), DONE),
        Row("the right response, then closed", _raw(_HEAD, length % len(right), b"\r\n", right), DONE),
    ]


def _statuses() -> list[Row]:
    elsewhere = {"Location": "http://127.0.0.1:9/integrations"}
    gone = {"read first": "gone", "read second": "gone", "delete first": "gone", "delete second": "gone"}
    return [
        *(
            Row(f"{status} and the right response", _data() | {"status": status}, DONE)
            for status in (201, 202)
        ),
        Row("202 without a body", {"status": 202, "shape": "empty"}, UNKNOWN),
        Row("204", {"status": 204}, UNKNOWN),
        *(
            Row(f"{status}, a redirect", {"status": status, "headers": elsewhere}, REFUSED)
            for status in (301, 302, 307, 308)
        ),
        Row("303, a redirect", {"status": 303, "headers": elsewhere}, UNKNOWN),
        Row("304", {"status": 304}, REFUSED),
        *(Row(str(status), {"status": status}, REFUSED) for status in (400, 401, 403, 405)),
        Row("404 in RootFi's words", {"status": 404}, REFUSED, gone),
        Row("404 in a page of HTML", {"status": 404, "shape": "html"}, REFUSED),
        Row("408", {"status": 408}, UNKNOWN),
        *(Row(str(status), {"status": status}, REFUSED) for status in (409, 413, 418, 422)),
        Row("499", {"status": 499}, UNKNOWN),
        *(Row(str(status), {"status": status}, UNKNOWN) for status in (500, 501, 505, 520, 599)),
        Row("500, though processed", {"status": 500, "processed": True}, UNKNOWN),
        *(Row(str(status), {"status": status}, LOST) for status in (502, 504)),
        *(Row(f"{status}, once", {"status": status, "times": 1}, LOST_ONCE) for status in (502, 504)),
        Row("502 in a page of HTML", {"status": 502, "shape": "html"}, LOST),
        *(
            Row(f"{status}, though processed", {"status": status, "processed": True}, LOST)
            for status in (502, 504)
        ),
    ]


def _limits() -> list[Row]:
    late, later = {"Date": _WHEN, "Retry_After": _TWO_SECONDS_LATER}, _WHEN_EPOCH + 2
    return [
        Row("429", {"status": 429}, NOT_TAKEN),
        Row("429, once", {"status": 429, "times": 1}, NOT_TAKEN_ONCE),
        Row("429, Retry-After in seconds", _headers(429, Retry_After=2), NOT_TAKEN, waits=2),
        Row(
            "429, Retry-After in seconds, once", _once(_headers(429, Retry_After=2)), NOT_TAKEN_ONCE, waits=2
        ),
        Row("429, Retry-After as a date, once", _once(_headers(429, **late)), NOT_TAKEN_ONCE, waits=2),
        Row("429, Retry-After beyond the deadline", _headers(429, Retry_After=3600), REFUSED),
        Row(
            "429, X-RateLimit-Reset in seconds, once",
            _once(_headers(429, X_RateLimit_Reset=2)),
            NOT_TAKEN_ONCE,
            waits=2,
        ),
        Row(
            "429, X-RateLimit-Reset in epoch seconds, once",
            _once(_headers(429, Date=_WHEN, X_RateLimit_Reset=later)),
            NOT_TAKEN_ONCE,
            waits=2,
        ),
        Row(
            "429, X-RateLimit-Reset in epoch milliseconds, once",
            _once(_headers(429, Date=_WHEN, X_RateLimit_Reset=later * 1000)),
            NOT_TAKEN_ONCE,
            waits=2,
        ),
        Row(
            "200, with the rate limit used up for two seconds",
            {"headers": {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "2"}},
            DONE,
        ),
        Row(
            "200, X-RateLimit-Reset and an impossible date",
            {
                "headers": {
                    "Date": _IMPOSSIBLE_DATE,
                    "X-RateLimit-Remaining": "9",
                    "X-RateLimit-Reset": str(later),
                }
            },
            DONE,
        ),
        Row("503", {"status": 503}, NOT_TAKEN),
        Row("503, once", {"status": 503, "times": 1}, NOT_TAKEN_ONCE),
        Row("503, Retry-After in seconds", _headers(503, Retry_After=2), NOT_TAKEN, waits=2),
        Row("503, Retry-After as a date, once", _once(_headers(503, **late)), NOT_TAKEN_ONCE, waits=2),
        Row("503, Retry-After beyond the deadline", _headers(503, Retry_After=3600), REFUSED),
        Row("503, invalid Retry-After", _headers(503, Retry_After="soon"), NOT_TAKEN),
        Row("503, Retry-After an impossible date", _headers(503, Retry_After=_IMPOSSIBLE_DATE), NOT_TAKEN),
        Row("500, Retry-After an impossible date", _headers(500, Retry_After=_IMPOSSIBLE_DATE), UNKNOWN),
    ]


def _bodies() -> list[Row]:
    unreadable: dict[str, str | bytes] = {
        "no body": "",
        "garbage": "garbage",
        "an array": "[]",
        "a number": "12",
        "truncated JSON": _RIGHT_BODY[:-3],
        "JSON in an invalid encoding": b'{"data": "\xff\xfe\xfa"}',
        "no data": "{}",
        "data null": '{"data": null}',
        "data empty": '{"data": {}}',
        "data an array": '{"data": [1]}',
        "NaN": f'{{"data": {{"rootfi_id": {ID}, "metadata": {{"a": NaN}}}}}}',
        "a duplicate member": f'{{"data": {{"rootfi_id": {ID}, "rootfi_id": {ID}}}}}',
        "100,000 brackets": "[" * 100_000,
        "a number of 10,000 digits": '{"data": ' + "9" * 10_000 + "}",
        "10 MB of garbage": "x" * 10 * _MEGABYTE,
        "10 MB of spaces before the right response": " " * 10 * _MEGABYTE + _RIGHT_BODY,
    }
    gzipped = {"Content-Encoding": "gzip"}
    return [
        *(Row(f"200, {name}", _answered(body), UNKNOWN) for name, body in unreadable.items()),
        Row("200, a proxy's page", _answered("<p>Log in</p>", content_type="text/html"), UNKNOWN),
        Row(
            "200, a gzip bomb of 100 MB of zeros",
            _answered(_gzipped_megabytes(100, b"\0"), headers=gzipped),
            UNKNOWN,
        ),
        Row(
            "200, a gzip bomb of 100 MB of spaces",
            _answered(_gzipped_megabytes(100, b" "), headers=gzipped),
            UNKNOWN,
        ),
        Row("200, broken gzip", _answered(_RIGHT_BODY, headers=gzipped), UNKNOWN),
        Row(
            "200, the right response in gzip",
            _answered(gzip.compress(_RIGHT_BODY.encode()), headers=gzipped),
            DONE,
        ),
        Row("200, the right response as text/html", _answered(_RIGHT_BODY, content_type="text/html"), DONE),
        Row(
            "200, an invalid response with an escape sequence in its content type",
            _raw(b"HTTP/1.1 200 OK\r\nContent-Type: \x1b[31m\r\nContent-Length: 1\r\n\r\nx"),
            UNKNOWN,
        ),
    ]


def _members() -> list[Row]:
    unusable: dict[str, object] = {
        "null": None,
        "true": True,
        "a fraction": 1234.5,
        "0": 0,
        "negative": -1,
        "2^53": 2**53,
        "of 4,000 digits": int("9" * 4000),
        "as text of 4,000 digits": "9" * 4000,
    }
    other_type = {"adopt first": "error"}
    return [
        Row("200, rootfi_id as text", _data(rootfi_id=str(ID)), DONE),
        Row("200, rootfi_id 1234.0", _data(rootfi_id=float(ID)), DONE),
        *(Row(f"200, rootfi_id {name}", _data(rootfi_id=value), UNKNOWN) for name, value in unusable.items()),
        Row("200, rootfi_id of another integration", _data(rootfi_id=1), UNKNOWN, {"create first": None}),
        Row("200, a member of the wrong type", _data(is_disabled="no"), UNKNOWN),
        Row("200, an unpaired surrogate in client_id", _data(client_id="\ud800"), UNKNOWN),
        Row("200, an unpaired surrogate in metadata", _data(metadata={"a": ["\ud800"]}), UNKNOWN),
        Row(
            "200, an infinite number in metadata",
            _answered(f'{{"data": {{"rootfi_id": {ID}, "metadata": {{"a": 1e999}}}}}}'),
            UNKNOWN,
        ),
        Row("200, a number in metadata beyond a double", _data(metadata={"a": 10**400}), UNKNOWN),
        Row(
            "200, metadata of 900 levels",
            _answered(f'{{"data": {{"rootfi_id": {ID}, "metadata": {_nested(900)}}}}}'),
            UNKNOWN,
        ),
        Row("200, secrets in metadata", _data(metadata={SECRET: [f"id:{SECRET}"]}), DONE),
        Row("200, a type with escape sequences", _data(integration_type=_CONTROLS), DONE, other_type),
        Row("200, a type of 1 MB", _data(integration_type="x" * 900_000), DONE, other_type),
    ]


def _messages() -> list[Row]:
    long = "x" * _MEGABYTE
    members = ("message", "code", "field", "request_id")
    return [
        Row("400, escape sequences and line breaks", {"status": 400, "message": _CONTROLS}, REFUSED),
        Row("500, escape sequences as text", {"status": 500, "message": _CONTROLS, "shape": "text"}, UNKNOWN),
        Row("400, a message of 1 MB", {"status": 400, "message": long[:-1000]}, REFUSED),
        Row("400, 1 MB as text", {"status": 400, "message": long, "shape": "text"}, REFUSED),
        Row(
            "400, every member of 10 KB",
            {"status": 400, "body": json.dumps({"error": dict.fromkeys(members, long[:10_000])})},
            REFUSED,
        ),
        Row(
            "400, a message that is an object", {"status": 400, "body": '{"error": {"message": {}}}'}, REFUSED
        ),
        Row("400, an unpaired surrogate", {"status": 400, "message": "\ud800"}, REFUSED),
        Row("400, 100,000 brackets", {"status": 400, "body": "[" * 100_000}, REFUSED),
        Row("400, broken gzip", _headers(400, Content_Encoding="gzip"), REFUSED),
        Row("500, 10 MB of garbage", {"status": 500, "body": long * 10}, UNKNOWN),
        *(
            Row(f"400, secrets echoed ({shape})", {"status": 400, "echo": True, "shape": shape}, REFUSED)
            for shape in ("v3", "write", "v4", "text", "html")
        ),
        Row("500, secrets echoed", {"status": 500, "echo": True}, UNKNOWN),
    ]


ROWS = [*_connections(), *_statuses(), *_limits(), *_bodies(), *_members(), *_messages()]
