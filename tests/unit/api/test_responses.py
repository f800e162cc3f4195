import pytest

from rootfi_pulumi.api.responses import read_data, read_explanation


def test_the_data_is_what_the_envelope_holds() -> None:
    assert read_data(b'{"data": {"rootfi_id": 1}, "request_id": "r"}') == {"rootfi_id": 1}


@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"1",
        b"{}",
        b"\xff\xfe",
        b'{"data": 1',
        b"[" * 100_000,
        b'{"data": NaN}',
        b'{"data": {"x": -Infinity}}',
        b'{"data": 1, "data": 2}',
        b'{"data": {"rootfi_id": 1, "rootfi_id": 2}}',
        b'{"data": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_no_envelope_or_can_be_read_in_two_ways_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="not RootFi's envelope"):
        read_data(body)


def test_an_explanation_has_the_documented_members_that_are_there() -> None:
    body = b'{"error": {"message": "no", "code": "c", "field": "", "platform_error": "secret", "status_code": 400}}'
    assert read_explanation(body) == {"message": "no", "code": "c"}


def test_a_member_of_another_type_is_shown_as_text() -> None:
    assert read_explanation(b'{"error": {"message": {"a": 1}}}') == {"message": "{'a': 1}"}


@pytest.mark.usefixtures("no_collection")
@pytest.mark.parametrize(
    "body",
    [b"", b"no", b"[]", b'{"error": "no"}', b'{"error": 1}', b'{"error": {"message": null}}', b"[" * 99999],
)
def test_a_body_without_an_explanation_explains_nothing(body: bytes) -> None:
    assert read_explanation(body) == {}
