"""The summary of a job: the report on its stack, by the workflow's own step."""

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.distribution.workflow import Clone

pytestmark = pytest.mark.pipeline


def test_the_preview_of_a_new_environment_is_summed_up(clone: Clone) -> None:
    clone.job("preview", "dev", target="report")
    assert "rootfi-sandbox" in clone.summary.read_text()


def test_the_nightly_check_sums_up_what_drifted(deployed_clone: Clone, emulator: Emulator) -> None:
    emulator.edit(1234, client_id="changed-by-hand")
    deployed_clone.job("drift", "dev", target="report")
    assert "drifted" in deployed_clone.summary.read_text()


@pytest.mark.parametrize("workflow", ["preview", "drift"])
def test_the_report_step_writes_its_summary_after_a_failed_step(workflow: str, clone: Clone) -> None:
    clone.pulumi("stack", "rm", "dev", "--yes", "--preserve-config")
    clone.job(workflow, "dev", code=None)
    clone.job(workflow, "dev", target="report")
    assert "rootfi-sandbox" in clone.summary.read_text()
