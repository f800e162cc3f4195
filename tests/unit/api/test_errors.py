import pytest

from rootfi_pulumi.api import errors
from rootfi_pulumi.api.errors import ErrorAnswer, error_class
from rootfi_pulumi.api.sources import Sources


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


def of_provider(error: errors.RootFiError) -> errors.RootFiError:
    whose = 'of RootFiProvider "other"'
    stored = "; after changing the {}, give refresh and destroy --run-program"
    error.sources = Sources(
        f"api_key {whose}",
        f"base_url {whose}",
        f"timeout_seconds {whose}",
        after_key=stored.format("key"),
        after_url=stored.format("address"),
    )
    return error


def of_variables(error: errors.RootFiError) -> errors.RootFiError:
    error.sources = Sources("ROOTFI_API_KEY", "ROOTFI_BASE_URL")
    return error


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (
            errors.Unauthorized("GET", "/", "", status=401),
            (
                'check the API key (api_key of RootFiProvider "other"); '
                "after changing the key, give refresh and destroy --run-program"
            ),
        ),
        (
            errors.Forbidden("GET", "/", "", status=403),
            (
                'use an API key of the organisation that owns the integration (api_key of RootFiProvider "other"); '
                "after changing the key, give refresh and destroy --run-program"
            ),
        ),
        (
            errors.LimitSpent("GET", "/", ""),
            'wait and run again, or raise timeout_seconds of RootFiProvider "other"',
        ),
        (
            errors.UnreadableAnswer("GET", "/", ""),
            'RootFi may have acted on it; check that base_url of RootFiProvider "other" is RootFi\'s API',
        ),
    ],
)
def test_advice_names_the_provider_that_gave_a_setting(error: errors.RootFiError, advice: str) -> None:
    assert of_provider(error).what_to_do() == advice


def test_advice_for_a_variable_is_not_about_the_state() -> None:
    refused = of_variables(errors.Unauthorized("GET", "/", "", status=401))
    assert refused.what_to_do() == "check the API key (ROOTFI_API_KEY)"
    unsent = of_variables(errors.NotSent("GET", "/", ""))
    assert unsent.what_to_do() == "nothing was sent; check ROOTFI_BASE_URL and the network, then run again"


@pytest.mark.parametrize(
    ("method", "documented"), [("POST", True), ("POST", False), ("GET", False), ("PUT", False)]
)
def test_404_that_is_not_of_an_id_is_about_the_address(method: str, documented: bool) -> None:
    missing = of_variables(errors.NotFound(method, "/integrations", "", status=404, documented=documented))
    assert missing.what_to_do() == "the address or its path is wrong: correct ROOTFI_BASE_URL"


def test_404_of_an_id_is_about_the_id_and_the_key() -> None:
    missing = of_variables(errors.NotFound("GET", "/integrations/1", "", status=404, documented=True))
    assert missing.what_to_do() == (
        "check the id, and that the API key (ROOTFI_API_KEY) belongs to the organisation that owns it"
    )


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
                "check the base URL and the network, then run again"
            ),
        ),
        (
            failed_for_long(),
            (
                "PUT /integrations/1: 503 down (asked to wait 3 s, attempts: 14): "
                "check RootFi's status; run again"
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
