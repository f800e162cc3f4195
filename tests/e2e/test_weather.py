"""What a user sees of bad weather on the way to RootFi."""

import pytest

from rootfi_pulumi.emulator import Emulator, Fault, RateLimit
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project
from tests.support.runs.background import Running

ESCAPE = "\x1b[31mred\x1b]0;title\x07"


def test_a_passing_failure_is_not_seen(project: Project, emulator: Emulator, api_key: str) -> None:
    emulator.inject(Fault(operation="create", status=503, times=2))
    project.declare({"xero": XERO})
    project.up()
    assert len(emulator.integrations(api_key)) == 1


@pytest.mark.case
def test_a_lasting_failure_ends_at_the_deadline_and_counts_attempts(
    deployed: Project, emulator: Emulator
) -> None:
    emulator.inject(Fault(operation="read", status=503, message="down", times=None))
    deployed.declare(timeoutSeconds=1)
    shown = deployed.refresh("--run-program", code=None).output
    assert "GET /integrations/1234: 503 down" in shown
    assert deployed.resources()["xero"]["id"] == "1234"


def test_the_rate_limit_makes_up_wait_and_one_line_says_why(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    emulator.rate_limit = RateLimit(requests=1, seconds=3)
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    shown = project.up("--parallel", "1").output
    # Once while the update goes on, once among its diagnostics.
    lines = [line for line in shown.splitlines() if "rate limit is reached: waiting" in line]
    assert 1 <= len(lines) <= 2
    assert "rootfi: RootFi's rate limit is reached: waiting 3 s before the next request" in lines[0]
    assert [request.status for request in emulator.requests] == [200, 200]


@pytest.mark.parametrize("value", ["0", "soon", "1e9"])
def test_a_time_that_is_none_is_refused_before_anything_is_sent(
    project: Project, emulator: Emulator, value: str
) -> None:
    project.declare({"xero": XERO}, timeoutSeconds=value)
    assert "rootfi:timeoutSeconds: must be a number of seconds from 1 to 3600" in project.up(code=None).output
    assert emulator.calls == []


def test_a_plugin_whose_engine_was_killed_does_not_go_on_asking(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    headers = {"Retry-After": "30"}
    emulator.inject(Fault(operation="create", status=503, headers=headers, times=None))
    project.declare({"xero": XERO})
    running = Running.start(project, "up")
    emulator.wait_for_requests(1)
    family = running.family()
    running.kill(running.cli.pid)
    emulator.clear_faults()
    running.end(family)
    assert emulator.calls == ["POST /integrations"]
    assert emulator.integrations(api_key) == []


@pytest.mark.case
def test_escape_sequences_in_a_message_do_not_reach_the_terminal(
    project: Project, emulator: Emulator
) -> None:
    emulator.inject(Fault(status=400, message=f"no {ESCAPE}", times=None))
    project.declare({"xero": XERO})
    shown = project.up(code=None).output
    assert "no ?[31mred" in shown
    assert "\x1b" not in shown


@pytest.mark.case
def test_escape_sequences_in_an_answer_do_not_reach_the_terminal(
    deployed: Project, emulator: Emulator
) -> None:
    emulator.edit(1234, client_id=ESCAPE, metadata={ESCAPE: [ESCAPE]})
    shown = deployed.preview("--refresh").output + deployed.refresh().output + deployed.pulumi("stack").output
    assert "client_id" in shown
    assert "\x1b" not in shown
