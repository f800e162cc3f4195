import pytest

from rootfi_pulumi.api import errors
from rootfi_pulumi.api.errors import ErrorAnswer, error_class


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (302, errors.Redirected),
        (400, errors.BadRequest),
        (401, errors.Unauthorized),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (418, errors.ErrorAnswer),
        (422, errors.BadRequest),
        (429, errors.RateLimited),
        (500, errors.ServerError),
        (599, errors.ServerError),
    ],
)
def test_class_of_a_status(status: int, expected: type[ErrorAnswer]) -> None:
    assert error_class(status) is expected


def failed_for_long() -> errors.RootFiError:
    error = errors.ServerError("PUT", "/integrations/1", "down", status=503)
    error.attempts = 14
    error.retry_after = 2.2
    return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            errors.RootFiError("GET", "/integrations/1", "why"),
            "GET /integrations/1: why",
        ),
        (
            errors.NotSent("POST", "/integrations", "connection refused"),
            (
                "POST /integrations: connection refused: nothing was sent; "
                "check rootfi:baseUrl or ROOTFI_BASE_URL and the network, then run again; "
                "after changing the address, give refresh and destroy --run-program"
            ),
        ),
        (
            failed_for_long(),
            (
                "PUT /integrations/1: 503 down (asked to wait 3 s, attempts: 14): "
                "see RootFi's status and run again"
            ),
        ),
        (
            errors.ErrorAnswer("PUT", "/integrations/1", "", status=418),
            "PUT /integrations/1: 418",
        ),
        (
            errors.BadRequest(
                "POST",
                "/integrations",
                "no such platform",
                status=400,
                code="invalid-params",
                field="integration_type",
                request_id="r-1",
            ),
            (
                "POST /integrations: 400 no such platform "
                "(code invalid-params, field integration_type, request id r-1): "
                "correct the integration's declaration"
            ),
        ),
    ],
)
def test_text_is_one_line_of_what_why_and_what_next(error: errors.RootFiError, expected: str) -> None:
    assert str(error) == expected
