"""The shapes of an error."""

import json
import re

import pytest

from rootfi_pulumi.emulator.responses import ErrorShape, error_response


def test_v3_is_message_code_field() -> None:
    answer = error_response(404, "gone", field="integration_id")
    assert json.loads(answer.body) == {
        "error": {"message": "gone", "code": "not-found", "field": "integration_id"}
    }


def test_write_is_code_message_platform_error() -> None:
    answer = error_response(400, "no", shape="write")
    assert json.loads(answer.body) == {
        "error": {"code": "invalid-params", "message": "no", "platform_error": "no"}
    }


def test_v4_is_status_code_message_request_id_timestamp_platform_error() -> None:
    error = json.loads(error_response(409, "no", shape="v4").body)["error"]
    assert error.keys() == {"status_code", "message", "request_id", "timestamp", "platform_error"}


def test_v4_repeats_the_status() -> None:
    assert json.loads(error_response(409, shape="v4").body)["error"]["status_code"] == 409


@pytest.mark.parametrize(
    ("shape", "content_type"),
    [
        ("v3", "application/json"),
        ("write", "application/json"),
        ("v4", "application/json"),
        ("text", "text/plain; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
        ("empty", None),
    ],
)
def test_each_shape_has_its_content_type(shape: ErrorShape, content_type: str | None) -> None:
    assert error_response(500, shape=shape).headers.get("content-type") == content_type


def test_text_is_the_message() -> None:
    assert error_response(502, "upstream", shape="text").body == b"upstream"


def test_html_escapes_the_message() -> None:
    assert b"&lt;b&gt;" in error_response(502, "<b>", shape="html").body


def test_empty_has_no_body() -> None:
    assert error_response(502, "upstream", shape="empty").body == b""


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_that_has_no_body_gets_none(status: int) -> None:
    assert error_response(status, "message").body == b""


@pytest.mark.parametrize(("status", "message"), [(503, "Service Unavailable"), (599, "Status 599")])
def test_the_message_is_what_the_status_is_called(status: int, message: str) -> None:
    assert json.loads(error_response(status).body)["error"]["message"] == message


@pytest.mark.parametrize("shape", ["v3", "write", "v4", "text", "html"])
def test_half_a_surrogate_pair_can_be_quoted(shape: ErrorShape) -> None:
    assert re.search(rb"\\ud800|\?", error_response(400, "\ud800", shape=shape).body)
