"""The steps of the workflows, run in a clone by bash on the real engine, against an emulated RootFi."""

import os
import secrets
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import workflow
from pulumi_project import REPOSITORY
from workflow import Clone

from rootfi_pulumi.emulator import Emulator, Fault


@pytest.fixture
def clone(tmp_path: Path, environ: dict[str, str], emulator: Emulator, api_key: str) -> Clone:
    """A clone whose backend has the stack dev, and whose environment has what its jobs ask for."""
    folder = tmp_path / "clone"
    workflow.clone(folder)
    asked = workflow.passed(workflow.read("deploy")["jobs"]["dev"])
    known = {name: secrets.token_urlsafe(24) for name in asked} | {"ROOTFI_API_KEY": api_key}
    variables = {"PULUMI_BACKEND_URL": environ["PULUMI_BACKEND_URL"]}
    theirs = ("COVERAGE_", "PYTHONPATH", "PULUMI_CONFIG_", "PULUMI_BACKEND_", *asked)
    runner = {name: value for name, value in environ.items() if not name.startswith(theirs)}
    made = Clone(folder, runner, known, variables)
    made.pulumi("stack", "init", "dev")
    made.pulumi("config", "set", "rootfi:baseUrl", emulator.url, "--stack", "dev")
    return made


def last_line(output: str) -> str:
    """What a failed step ends with, before make's own word."""
    lines = [line for line in output.splitlines() if not line.startswith("make")]
    return lines[-1]


def kill_deploy(clone: Clone, emulator: Emulator, ending: signal.Signals) -> str:
    """End a deploy while RootFi works on its creates; return what it printed."""
    emulator.inject(Fault(operation="create", hold=True, times=None))
    deploy = subprocess.Popen(
        [sys.executable, "tools/pipeline.py", "deploy", "dev"],
        cwd=clone.folder,
        env=clone.environ | clone.variables | clone.secrets,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    emulator.wait_for_requests(2)
    if ending is signal.SIGKILL:
        cli = Path(f"/proc/{deploy.pid}/task/{deploy.pid}/children").read_text().split()[0]
        os.kill(int(cli), ending)
    deploy.send_signal(ending)
    if ending is not signal.SIGKILL:
        assert deploy.stdout
        told = (line for line in deploy.stdout if "cancel" in line.lower() or "interrupt" in line.lower())
        assert next(told)
    emulator.clear_faults()
    emulator.release()
    output, _ = deploy.communicate(timeout=workflow.PATIENCE)
    emulator.forget_requests()
    return output


def test_preview_deploy_drift_and_deploy_again(clone: Clone, emulator: Emulator, api_key: str) -> None:
    assert "+ 5 to create" in clone.job("preview", "dev").output
    assert emulator.calls == []
    clone.job("deploy", "dev")
    assert [made.integration_type for made in emulator.integrations(api_key)].sort() is None
    assert len(emulator.integrations(api_key)) == 2
    clone.job("drift", "dev")
    emulator.edit(1234, is_disabled=True)
    drifted = clone.job("drift", "dev", code=None).output
    assert "is_disabled" in drifted
    assert last_line(drifted) == (
        "::error title=drift of dev failed::RootFi differs from what is declared: deploy again, or declare what "
        "is there (docs/pipelines.md)"
    )
    clone.job("deploy", "dev")
    assert not emulator.integration(1234).is_disabled
    clone.job("drift", "dev")


def test_what_main_declares_and_nobody_deployed_is_drift(clone: Clone) -> None:
    clone.job("deploy", "dev")
    clone.pulumi("config", "set", "--path", "rootfi:integrations.rootfi-sandbox.is_disabled", "true")
    assert "is_disabled" in clone.job("drift", "dev", code=None).output


def test_after_a_killed_deploy_each_run_ends_with_the_one_thing_to_do(
    clone: Clone, emulator: Emulator
) -> None:
    kill_deploy(clone, emulator, signal.SIGKILL)
    locked = clone.job("deploy", "dev", code=None).output
    assert "was killed: when you are certain" in last_line(locked)
    assert "run `pulumi cancel --stack dev` and this job again (docs/recovery.md)" in last_line(locked)
    clone.pulumi("cancel", "--yes", "--stack", "dev")
    refused = clone.job("deploy", "dev", code=None).output
    assert last_line(refused).startswith(
        "::error title=deploy of dev failed::an earlier run was killed while it created "
    )
    assert "rootfi-sandbox" in last_line(refused)
    assert "quickbooks-sandbox" in last_line(refused)
    assert refused.count("::error") == 1
    assert emulator.calls == []
