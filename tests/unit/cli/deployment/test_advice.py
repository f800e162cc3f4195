"""The last line of a failed step, found by the constants that messages are built with."""

import pytest

from rootfi_pulumi.cli.deployment.advice import find_advice
from rootfi_pulumi.program.create_guard import describe_failure
from rootfi_pulumi.program.refusals import describe_refusal, find_refusal
from rootfi_pulumi.provider.create_watch import describe_ending
from rootfi_pulumi.provider.phrases import DIFFERS, MAY_EXIST
from rootfi_pulumi.provider.unfinished_create import describe_unfinished
from tests.support.traces import INPUTS, MARKED, PENDING, XERO

UNEXPLAINED = 255


def refused(runs: object) -> str:
    return describe_refusal(XERO, str(find_refusal(XERO, INPUTS, runs)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("printed", "advice"),
    [
        (f'error: before hook "rootfi-create" failed: {refused(PENDING)}', "while creating xero, so"),
        (f"error: {refused(MARKED)}", "while creating xero, so"),
        (describe_unfinished("xero", "unresolved-1", "then"), "may not have created xero: follow the steps"),
        (
            describe_unfinished("xero", "1234", "PUT"),
            "xero was created, but not disabled: run this again",
        ),
        (f"error: xero: {DIFFERS} in client_id", "xero is adopted, but differs from the declaration"),
        (
            f"{describe_failure('xero')}: {describe_ending('busy')}",
            "pulumi cancel --stack dev`, then this again",
        ),
        ("xero is unfinished in dev", "may not have xero, since a run was killed"),
        (
            f"wave: {MAY_EXIST} (1)\nxero: {MAY_EXIST} (2)",
            "wave and xero",
        ),
        ("error: something else", "`rootfi-pulumi doctor --stack dev` finds what is missing"),
    ],
)
def test_advice_is_found_by_the_messages_phrase(printed: str, advice: str) -> None:
    found = find_advice("dev", UNEXPLAINED, f"Updating (dev):\n    {printed}\n")
    assert advice in found
    assert "\n" not in found
