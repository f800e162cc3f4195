"""The rows of the fault matrix: each is a fault of the network or the server, with the expected outcomes.

They are written by hand from the promises in docs/recovery.md, not derived from the code.
"""

from tests.support.faults.answers import body_rows, member_rows, message_rows
from tests.support.faults.row import (
    DONE,
    LOST,
    LOST_ONCE,
    NOT_TAKEN,
    NOT_TAKEN_ONCE,
    REFUSED,
    RIGHT_BODY,
    UNKNOWN,
    Row,
    once,
    raw_answer,
    with_data,
    with_headers,
)

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_INTERIM = b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
_WHEN = "Fri, 01 Jan 2027 00:00:00 GMT"
_WHEN_EPOCH = 1798761600
_TWO_SECONDS_LATER = "Fri, 01 Jan 2027 00:00:02 GMT"
_IMPOSSIBLE_DATE = "Fri, 31 Dec 99999 23:59:59 GMT"


def _connections() -> list[Row]:
    right = RIGHT_BODY.encode()
    length = b"Content-Length: %d\r\n"
    return [
        Row("hang-up before processing", {"hang_up": "before"}, LOST),
        Row("hang-up before processing, once", once({"hang_up": "before"}), LOST_ONCE),
        Row("hang-up after processing", {"hang_up": "after"}, LOST),
        Row("hang-up after processing, once", once({"hang_up": "after"}), LOST_ONCE),
        Row("no response in time", {"hold": True}, LOST),
        Row("no response in time, once", once({"hold": True}), LOST_ONCE),
        Row("no response in time, though processed", {"hold": True, "processed": True}, LOST),
        Row("a response that trickles past the deadline", {"trickle": 0.02}, UNKNOWN),
        Row("not HTTP", raw_answer(b"SSH-2.0-OpenSSH_9.6\r\n"), LOST),
        Row("not HTTP, once", once(raw_answer(b"SSH-2.0-OpenSSH_9.6\r\n")), LOST_ONCE),
        Row("HTTP/2 frames", raw_answer(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00"), LOST),
        Row("a bad status line", raw_answer(b"HTTP/1.1 yes OK\r\n\r\n"), LOST),
        Row("a truncated head", raw_answer(_HEAD), UNKNOWN),
        Row("a truncated body", raw_answer(_HEAD, length % 9999, b"\r\n", right), LOST),
        Row("a truncated body, once", once(raw_answer(_HEAD, length % 9999, b"\r\n", right)), LOST_ONCE),
        Row(
            "an error with a truncated body",
            raw_answer(b"HTTP/1.1 500 No\r\n", length % 99, b"\r\n{"),
            UNKNOWN,
        ),
        Row("a bad chunk", raw_answer(_HEAD, b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), LOST),
        Row(
            "200 headers",
            raw_answer(_HEAD, b"X-Flood: x\r\n" * 200, length % len(right), b"\r\n", right),
            LOST,
        ),
        Row("a header of 100 KB", raw_answer(_HEAD, b"X-Long: ", b"x" * 100_000, b"\r\n\r\n", right), LOST),
        Row(
            "1,000 interim responses (100) and no final one",
            raw_answer(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
            LOST,
        ),
        Row(
            "an interim response (103) and no final one",
            raw_answer(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
            LOST,
        ),
        Row("101, another protocol", raw_answer(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"), UNKNOWN),
        Row("two different lengths", raw_answer(_HEAD, b"Content-Length: 1, 2\r\n\r\n", right), LOST),
        Row(
            "the right response after interim ones (102, 103)",
            raw_answer(_INTERIM, _HEAD, length % len(right), b"\r\n", right),
            DONE,
        ),
        Row("the right response in HTTP/1.0", raw_answer(b"HTTP/1.0 200 OK\r\n\r\n", right), DONE),
        Row("the right response, then closed", raw_answer(_HEAD, length % len(right), b"\r\n", right), DONE),
    ]


def _statuses() -> list[Row]:
    elsewhere = {"Location": "http://127.0.0.1:9/integrations"}
    gone = {"read first": "gone", "read second": "gone", "delete first": "gone", "delete second": "gone"}
    return [
        *(
            Row(f"{status} and the right response", with_data() | {"status": status}, DONE)
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
        Row("429, Retry-After in seconds", with_headers(429, Retry_After=2), NOT_TAKEN, waits=2),
        Row(
            "429, Retry-After in seconds, once",
            once(with_headers(429, Retry_After=2)),
            NOT_TAKEN_ONCE,
            waits=2,
        ),
        Row("429, Retry-After as a date, once", once(with_headers(429, **late)), NOT_TAKEN_ONCE, waits=2),
        Row("429, Retry-After beyond the deadline", with_headers(429, Retry_After=3600), REFUSED),
        Row(
            "429, X-RateLimit-Reset in seconds, once",
            once(with_headers(429, X_RateLimit_Reset=2)),
            NOT_TAKEN_ONCE,
            waits=2,
        ),
        Row(
            "429, X-RateLimit-Reset in epoch seconds, once",
            once(with_headers(429, Date=_WHEN, X_RateLimit_Reset=later)),
            NOT_TAKEN_ONCE,
            waits=2,
        ),
        Row(
            "429, X-RateLimit-Reset in epoch milliseconds, once",
            once(with_headers(429, Date=_WHEN, X_RateLimit_Reset=later * 1000)),
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
        Row("503, Retry-After in seconds", with_headers(503, Retry_After=2), NOT_TAKEN, waits=2),
        Row("503, Retry-After as a date, once", once(with_headers(503, **late)), NOT_TAKEN_ONCE, waits=2),
        Row("503, Retry-After beyond the deadline", with_headers(503, Retry_After=3600), REFUSED),
        Row("503, invalid Retry-After", with_headers(503, Retry_After="soon"), NOT_TAKEN),
        Row(
            "503, Retry-After an impossible date", with_headers(503, Retry_After=_IMPOSSIBLE_DATE), NOT_TAKEN
        ),
        Row("500, Retry-After an impossible date", with_headers(500, Retry_After=_IMPOSSIBLE_DATE), UNKNOWN),
    ]


ROWS = [*_connections(), *_statuses(), *_limits(), *body_rows(), *member_rows(), *message_rows()]
