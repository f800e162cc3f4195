import pytest

from rootfi_pulumi.program.refusals import find_refusal
from rootfi_pulumi.project.earlier_runs import EarlierRuns
from rootfi_pulumi.provider.phrases import INTERRUPTED_RUN, MANAGED_ALREADY
from tests.support.traces import INPUTS, JOURNAL, MANAGED, MARKED, NOTHING, OTHER, PENDING, UPDATING, XERO


@pytest.mark.parametrize("runs", [NOTHING, UPDATING, MANAGED])
def test_a_create_that_nothing_speaks_against_is_not_refused(runs: EarlierRuns) -> None:
    assert find_refusal(XERO, INPUTS, runs) is None


@pytest.mark.parametrize("runs", [PENDING, MARKED])
def test_a_create_that_may_have_landed_is_refused(runs: EarlierRuns) -> None:
    message = str(find_refusal(XERO, INPUTS, runs))
    assert message.startswith(f"{INTERRUPTED_RUN} while creating it, so RootFi may have it\n  1. ")
    assert "a XERO integration with client id xero-app" in message
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("runs", "command"),
    [
        (PENDING, "pulumi refresh --clear-pending-creates && pulumi up"),
        (MARKED, f"pulumi state delete {JOURNAL} && pulumi up"),
    ],
)
def test_refusal_ends_with_the_command_for_its_trace(runs: EarlierRuns, command: str) -> None:
    assert str(find_refusal(XERO, INPUTS, runs)).endswith(f"\n  3. If it is not:  {command}")


@pytest.mark.parametrize("runs", [PENDING, MARKED])
def test_another_integration_of_the_same_name_is_not_refused(runs: EarlierRuns) -> None:
    assert find_refusal(OTHER, INPUTS, runs) is None


@pytest.mark.parametrize("runs", [PENDING, MARKED, NOTHING])
def test_adopting_posts_nothing_and_is_not_refused(runs: EarlierRuns) -> None:
    assert find_refusal(XERO, INPUTS | {"adopt": 1234.0}, runs) is None


def test_adopting_what_another_resource_manages_is_refused() -> None:
    refused = str(find_refusal(OTHER, INPUTS | {"adopt": 1234.0}, MANAGED))
    assert refused.startswith(f"integration 1234 {MANAGED_ALREADY} {XERO}\n")


def test_adopting_again_what_the_resource_manages_is_refused() -> None:
    # A replacement would adopt it and then disable it as the old one.
    assert MANAGED_ALREADY in str(find_refusal(XERO, INPUTS | {"adopt": 1234.0}, MANAGED))
