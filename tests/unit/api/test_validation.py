import pytest

from rootfi_pulumi.api.models import GREATEST_ID, IntegrationType
from rootfi_pulumi.api.validation import (
    LONGEST_CREDENTIAL,
    credential_problem,
    flag_problem,
    id_problem,
    integration_type_problem,
)


@pytest.mark.parametrize("integration_type", IntegrationType)
def test_every_documented_type_is_accepted(integration_type: str) -> None:
    assert integration_type_problem(integration_type) is None


@pytest.mark.parametrize(
    ("value", "nearest"),
    [("XER0", "XERO"), ("xero", "XERO"), ("Zoho Books", "ZOHO_BOOKS"), ("QUICKBOOK", "QUICKBOOKS")],
)
def test_a_misspelt_type_is_answered_with_the_nearest(value: str, nearest: str) -> None:
    assert str(integration_type_problem(value)).endswith(f"did you mean {nearest}?")


@pytest.mark.parametrize("value", ["", "?", "x" * 100_000, "\x1b[31m", None, 1, [], {}])
def test_what_is_no_type_is_refused_in_a_short_printable_line(value: object) -> None:
    problem = integration_type_problem(value)
    assert problem
    assert problem.isprintable()
    assert len(problem) < 500


@pytest.mark.parametrize("value", ["a", "a b", "p\u00e4ss\u4e16", "x" * LONGEST_CREDENTIAL])
def test_a_credential_is_accepted(value: str) -> None:
    assert credential_problem(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "",
        " hunter2",
        "hunter2\n",
        "\u200ba",
        "a\u200b",
        "a\nb",
        "a\x00b",
        "a\u200bb",
        "\ufeffa",
        "x" * (LONGEST_CREDENTIAL + 1),
    ],
)
def test_an_unusable_credential_is_refused_without_being_shown(value: str) -> None:
    problem = credential_problem(value)
    assert problem
    assert not value or value not in problem


@pytest.mark.parametrize("value", [None, 1, 1.5, True, [], {}])
def test_a_credential_that_is_no_text_is_refused(value: object) -> None:
    assert credential_problem(value) == "must be text: put a number in quotes"


@pytest.mark.parametrize("value", [None, "true", 0, 1, []])
def test_a_flag_is_true_or_false(value: object) -> None:
    assert flag_problem(value) == "must be true or false"
    assert flag_problem(True) is flag_problem(False) is None


@pytest.mark.parametrize("value", [1, 1234.0, GREATEST_ID])
def test_an_id_is_a_whole_number_even_as_a_float(value: object) -> None:
    assert id_problem(value) is None


@pytest.mark.parametrize(
    "value", [None, "1234", 0, -1, 1.5, True, GREATEST_ID + 1, float("nan"), float("inf")]
)
def test_what_is_no_id_is_refused(value: object) -> None:
    assert id_problem(value)


def test_integration_type_with_white_space_is_refused_as_that() -> None:
    assert integration_type_problem("WAVE\n") == "starts or ends with white space: write it without"
