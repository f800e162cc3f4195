"""Rows of the fault matrix for odd or wrong responses: bodies, members, messages.

They are written by hand from the promises in docs/recovery.md, not derived from the code.
"""

import functools
import gzip
import json

from tests.support.faults.row import (
    DONE,
    ID,
    REFUSED,
    RIGHT_BODY,
    SECRET,
    UNKNOWN,
    Row,
    answered,
    raw_answer,
    with_data,
    with_headers,
)

_MEGABYTE = 1_000_000
_CONTROLS = "\x1b[31mred\x1b]0;title\x07 first\r\nsecond\x00\u202e\u2028"


def _nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


@functools.cache
def _gzipped_megabytes(count: int, byte: bytes) -> bytes:
    return gzip.compress(byte * _MEGABYTE, 1) * count


def body_rows() -> list[Row]:
    unreadable: dict[str, str | bytes] = {
        "no body": "",
        "garbage": "garbage",
        "an array": "[]",
        "a number": "12",
        "truncated JSON": RIGHT_BODY[:-3],
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
        "10 MB of spaces before the right response": " " * 10 * _MEGABYTE + RIGHT_BODY,
    }
    gzipped = {"Content-Encoding": "gzip"}
    return [
        *(Row(f"200, {name}", answered(body), UNKNOWN) for name, body in unreadable.items()),
        Row("200, a proxy's page", answered("<p>Log in</p>", content_type="text/html"), UNKNOWN),
        Row(
            "200, a gzip bomb of 100 MB of zeros",
            answered(_gzipped_megabytes(100, b"\0"), headers=gzipped),
            UNKNOWN,
        ),
        Row(
            "200, a gzip bomb of 100 MB of spaces",
            answered(_gzipped_megabytes(100, b" "), headers=gzipped),
            UNKNOWN,
        ),
        Row("200, broken gzip", answered(RIGHT_BODY, headers=gzipped), UNKNOWN),
        Row(
            "200, the right response in gzip",
            answered(gzip.compress(RIGHT_BODY.encode()), headers=gzipped),
            DONE,
        ),
        Row("200, the right response as text/html", answered(RIGHT_BODY, content_type="text/html"), DONE),
        Row(
            "200, an invalid response with an escape sequence in its content type",
            raw_answer(b"HTTP/1.1 200 OK\r\nContent-Type: \x1b[31m\r\nContent-Length: 1\r\n\r\nx"),
            UNKNOWN,
        ),
    ]


def member_rows() -> list[Row]:
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
        Row("200, rootfi_id as text", with_data(rootfi_id=str(ID)), DONE),
        Row("200, rootfi_id 1234.0", with_data(rootfi_id=float(ID)), DONE),
        *(
            Row(f"200, rootfi_id {name}", with_data(rootfi_id=value), UNKNOWN)
            for name, value in unusable.items()
        ),
        Row("200, rootfi_id of another integration", with_data(rootfi_id=1), UNKNOWN, {"create first": None}),
        Row("200, a member of the wrong type", with_data(is_disabled="no"), UNKNOWN),
        Row("200, an unpaired surrogate in client_id", with_data(client_id="\ud800"), UNKNOWN),
        Row("200, an unpaired surrogate in metadata", with_data(metadata={"a": ["\ud800"]}), UNKNOWN),
        Row(
            "200, an infinite number in metadata",
            answered(f'{{"data": {{"rootfi_id": {ID}, "metadata": {{"a": 1e999}}}}}}'),
            UNKNOWN,
        ),
        Row("200, a number in metadata beyond a double", with_data(metadata={"a": 10**400}), UNKNOWN),
        Row(
            "200, metadata of 900 levels",
            answered(f'{{"data": {{"rootfi_id": {ID}, "metadata": {_nested(900)}}}}}'),
            UNKNOWN,
        ),
        Row("200, secrets in metadata", with_data(metadata={SECRET: [f"id:{SECRET}"]}), DONE),
        Row("200, a type with escape sequences", with_data(integration_type=_CONTROLS), DONE, other_type),
        Row("200, a type of 1 MB", with_data(integration_type="x" * 900_000), DONE, other_type),
    ]


def message_rows() -> list[Row]:
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
        Row("400, broken gzip", with_headers(400, Content_Encoding="gzip"), REFUSED),
        Row("500, 10 MB of garbage", {"status": 500, "body": long * 10}, UNKNOWN),
        *(
            Row(f"400, secrets echoed ({shape})", {"status": 400, "echo": True, "shape": shape}, REFUSED)
            for shape in ("v3", "write", "v4", "text", "html")
        ),
        Row("500, secrets echoed", {"status": 500, "echo": True}, UNKNOWN),
    ]
