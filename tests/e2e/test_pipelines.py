"""The steps of the workflows, run in a clone by bash on the real engine, against an emulated RootFi."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.distribution.workflow import Clone
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.pipeline


def last_line(output: str) -> str:
    """What a failed step ends with, before make's own word."""
    lines = [line for line in output.splitlines() if not line.startswith("make")]
    return lines[-1]


def end_deploy(clone: Clone, emulator: Emulator, ending: signal.Signals) -> str:
    """End a deploy while RootFi works on its creates, which then land; return what it printed."""
    emulator.inject(Fault(operation="create", hold=True, times=None))
    deploy = subprocess.Popen(
        [sys.executable, "-m", "rootfi_pulumi.cli", "deploy", "dev"],
        cwd=clone.folder,
        env=clone.environ | clone.variables | clone.secrets,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert deploy.stdout
    emulator.wait_for_requests(2, PATIENCE)
    if ending is signal.SIGKILL:
        [pulumi, *_] = Path(f"/proc/{deploy.pid}/task/{deploy.pid}/children").read_text().split()
        os.kill(int(pulumi), ending)
    deploy.send_signal(ending)
    if ending is not signal.SIGKILL:
        assert any("received" in line for line in deploy.stdout)
        # GitHub sends SIGTERM after SIGINT; Pulumi would end at once, and forget the creates.
        deploy.send_signal(signal.SIGTERM)
    emulator.clear_faults()
    emulator.release()
    output, _ = deploy.communicate(timeout=5 * PATIENCE)
    emulator.forget_requests()
    return output


def test_preview_deploy_drift_and_deploy_again(clone: Clone, emulator: Emulator, api_key: str) -> None:
    assert "+ 5 to create" in clone.job("preview", "dev").output
    assert emulator.calls == []
    clone.job("deploy", "dev")
    assert len(emulator.integrations(api_key)) == 2
    clone.job("drift", "dev")
    emulator.edit(1234, is_disabled=True)
    drifted = clone.job("drift", "dev", code=None).output
    assert "is_disabled" in drifted
    assert last_line(drifted) == (
        "::error title=drift of dev failed::RootFi and the declaration differ: deploy, or declare what RootFi has"
    )
    clone.job("deploy", "dev")
    assert not emulator.integration(1234).is_disabled
    clone.job("drift", "dev")


def test_what_main_declares_but_is_not_deployed_is_drift(deployed_clone: Clone) -> None:
    path = "rootfi:integrations.rootfi-sandbox.is_disabled"
    deployed_clone.pulumi("config", "set", "--path", path, "true", "--stack", "dev")
    assert "is_disabled" in deployed_clone.job("drift", "dev", code=None).output


def test_a_rotated_key_of_the_config_serves_every_step(
    deployed_clone: Clone, emulator: Emulator, api_key: str
) -> None:
    emulator.change_key(api_key, "rotated-key-" * 4)
    deployed_clone.pulumi("config", "set", "--secret", "rootfi:apiKey", "--stack", "dev", "rotated-key-" * 4)
    for workflow_ in ("preview", "deploy", "drift"):
        deployed_clone.job(workflow_, "dev")


def test_an_integration_removed_from_the_file_is_previewed_and_disabled(
    deployed_clone: Clone, emulator: Emulator
) -> None:
    deployed_clone.pulumi("config", "rm", "--path", "rootfi:integrations.rootfi-sandbox", "--stack", "dev")
    assert "- 1 to delete" in deployed_clone.job("preview", "dev").output
    deployed_clone.job("deploy", "dev")
    [gone] = [each for each in (1234, 1235) if emulator.integration(each).is_disabled]
    assert emulator.integration(gone).integration_type == "ROOTFI_SANDBOX"


def test_an_integration_removed_at_rootfi_is_drift_and_deployed_again(
    deployed_clone: Clone, emulator: Emulator, api_key: str
) -> None:
    emulator.remove(1234)
    deployed_clone.job("drift", "dev", code=None)
    deployed_clone.job("deploy", "dev")
    assert len(emulator.integrations(api_key)) == 2


def test_after_a_killed_deploy_each_run_ends_with_the_one_thing_to_do(
    clone: Clone, emulator: Emulator
) -> None:
    end_deploy(clone, emulator, signal.SIGKILL)
    locked = last_line(clone.job("deploy", "dev", code=None).output)
    assert "If none is in progress, run `pulumi cancel --stack dev`" in locked
    clone.pulumi("cancel", "--yes", "--stack", "dev")
    refused = clone.job("deploy", "dev", code=None).output
    printed = last_line(refused)
    assert printed.startswith("::error title=deploy of dev failed::an earlier run was killed while creating ")
    assert ("rootfi-sandbox" in printed, "quickbooks-sandbox" in printed) == (True, True)
    assert printed.endswith(": follow the steps in the log")
    assert refused.count("::error") == 1
    assert emulator.calls == []


def test_drift_fails_for_a_killed_create_that_is_no_longer_declared(clone: Clone, emulator: Emulator) -> None:
    end_deploy(clone, emulator, signal.SIGKILL)
    clone.pulumi("cancel", "--yes", "--stack", "dev")
    clone.pulumi("config", "set", "--path", "rootfi:integrations", "{}", "--stack", "dev")
    printed = last_line(clone.job("drift", "dev", code=None).output)
    assert "RootFi may or may not have " in printed
    assert "`rootfi-pulumi doctor --stack dev` lists the steps" in printed


def test_a_deploy_that_is_asked_to_end_leaves_nothing_unknown(
    clone: Clone, emulator: Emulator, api_key: str
) -> None:
    output = end_deploy(clone, emulator, signal.SIGTERM)
    assert "deploy of dev failed: the run was canceled" in last_line(output)
    clone.job("deploy", "dev")
    assert emulator.calls.count("POST /integrations") == 0
    assert len(emulator.integrations(api_key)) == 2


def test_an_unknown_outcome_fails_deploy_and_drift_with_one_remedy(clone: Clone, emulator: Emulator) -> None:
    emulator.inject(Fault(operation="create", status=500, integration_type="ROOTFI_SANDBOX"))
    for name in ("deploy", "drift", "deploy"):
        printed = last_line(clone.job(name, "dev", code=None).output)
        assert "::RootFi may or may not have created rootfi-sandbox: follow" in printed
    assert emulator.calls.count("POST /integrations") == 2


def test_adoption_that_differs_ends_with_the_way_to_apply_it(
    clone: Clone, emulator: Emulator, api_key: str
) -> None:
    emulator.add_integration(
        api_key, integration_type="ROOTFI_SANDBOX", client_id="by-hand", client_secret="x"
    )
    clone.pulumi(
        "config", "set", "--path", "rootfi:integrations.rootfi-sandbox.adopt", "1234", "--stack", "dev"
    )
    last = last_line(clone.job("deploy", "dev", code=None).output)
    assert "rootfi-sandbox is adopted, but differs from the declaration: run this again" in last
    clone.job("deploy", "dev")
    clone.job("drift", "dev")


def test_a_stack_missing_in_the_backend_is_reported_with_its_remedy(clone: Clone) -> None:
    clone.pulumi("stack", "rm", "dev", "--yes", "--preserve-config")
    printed = last_line(clone.job("preview", "dev", code=None).output)
    assert "the backend has no stack dev: dev was probably deployed with another backend than" in printed
    assert "correct PULUMI_BACKEND_URL; only if dev was never deployed" in printed


def test_an_unset_secret_stops_a_deploy_before_any_request(clone: Clone, emulator: Emulator) -> None:
    # GitHub passes what an environment lacks as an empty text.
    clone.secrets["QUICKBOOKS_SANDBOX_CLIENT_SECRET"] = ""
    refused = clone.job("deploy", "dev", code=None).output
    assert "environment variable QUICKBOOKS_SANDBOX_CLIENT_SECRET is empty" in refused
    assert emulator.calls == []


@pytest.mark.parametrize("target", ["preview", "deploy", "drift"])
def test_without_a_stack_a_target_asks_for_one(target: str, clone: Clone) -> None:
    printed = last_line(clone.step({"run": f"make {target}"}).output)
    assert printed.startswith(f"rootfi-pulumi {target}: STACK: the stack's name is empty: name dev or")
