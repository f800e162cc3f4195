"""`rootfi-pulumi preview`, `deploy` and `drift` on several stacks, on the real engine and an emulated RootFi."""

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.command.in_project import ENTRY_POINT, Ended, rootfi_pulumi
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import XERO, Project

NO_SUCH_STACK, UNEXPECTED_CHANGES = 6, 7


def add_stack(project: Project, name: str, url: str, *, is_new: bool = True) -> None:
    """Declare a stack with one WAVE integration; `is_new` says whether the backend gets it."""
    stack = replace(project, stack=name)
    stack.declare({"wave": XERO | {"integration_type": "WAVE"}}, baseUrl=url)
    if is_new:
        stack.new_stack(name)


def results(ended: Ended) -> dict[str, Any]:
    """Return each stack of the JSON document, by its name."""
    return {each["stack"]: each for each in json.loads(ended.output)["stacks"]}


def test_deploy_runs_stacks_in_order_and_stops_at_a_failure(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    project.declare({"xero": XERO})
    for name in ("staging", "prod"):
        add_stack(project, name, emulator.url, is_new=False)
    ended = rootfi_pulumi(project, "deploy", "dev", "staging", "prod", "--json", code=NO_SUCH_STACK)
    found = results(ended)
    assert [*found] == ["dev", "staging", "prod"]
    assert [each["result"] for each in found.values()] == ["done", "failed", "not run"]
    assert found["dev"]["changes"] == {"create": 4}
    assert found["dev"]["integrations"] == [{"name": "xero", "operation": "create", "members": []}]
    assert found["staging"]["advice"] == (
        "the backend has no stack staging: run `pulumi stack init staging` once, or correct the name"
    )
    assert len(emulator.integrations(api_key)) == 1
    *_, first, second, third, last = ended.errors.splitlines()
    assert re.fullmatch(r"deploy of dev: done in [0-9.]+ s: 4 created", first)
    assert re.fullmatch(r"deploy of staging: failed in [0-9.]+ s", second)
    assert third == "deploy of prod: not run"
    assert last == f"deploy of staging failed: {found['staging']['advice']}"
    assert "+ 4 created" in ended.errors


@pytest.mark.case
def test_deploy_with_another_backend_creates_nothing(
    deployed: Project, emulator: Emulator, api_key: str, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    url = (tmp_path / "empty").as_uri()
    ended = rootfi_pulumi(deployed, "deploy", "dev", code=NO_SUCH_STACK, PULUMI_BACKEND_URL=url)
    assert ended.errors == (
        "deploy of dev failed: the backend has no stack dev: dev was probably deployed with another backend "
        f"than this one ({url}), since stacks/Pulumi.dev.yaml has encryptionsalt. Select that one: correct "
        "PULUMI_BACKEND_URL; only if dev was never deployed, create it with `pulumi stack init dev`\n"
    )
    assert len(emulator.integrations(api_key)) == 1


@pytest.mark.case
def test_drift_without_any_says_so(deployed: Project) -> None:
    lines = rootfi_pulumi(deployed, "drift", "dev").output.splitlines()
    assert re.fullmatch(r"drift of dev: done in [0-9.]+ s: no drift", lines[-1])


@pytest.mark.case
def test_failure_ends_with_its_first_error(deployed: Project) -> None:
    ended = rootfi_pulumi(deployed, "deploy", "dev", code=1, ROOTFI_API_KEY="unknown")
    assert re.fullmatch(r"deploy of dev: failed in [0-9.]+ s", ended.output.splitlines()[-1])
    assert ended.errors.startswith(
        "deploy of dev failed: Preview failed: xero: read failed: GET /integrations/1234: 401 the API key is missing"
    )
    assert ended.errors.endswith("; `rootfi-pulumi doctor --stack dev` finds what is missing\n")


@pytest.mark.case
def test_drift_on_github_says_what_differs(deployed: Project, emulator: Emulator, tmp_path: Path) -> None:
    emulator.edit(1234, is_disabled=True, client_id="by-hand")
    add_stack(deployed, "prod", emulator.url, is_new=False)
    summary = tmp_path / "summary.md"
    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    ended = rootfi_pulumi(deployed, "drift", "dev", "prod", code=UNEXPECTED_CHANGES, **github)
    lines = ended.output.splitlines()
    [token] = [
        line.removeprefix("::stop-commands::") for line in lines if line.startswith("::stop-commands::")
    ]
    commands = [
        lines.index("::group::drift of dev"),
        lines.index(f"::{token}::"),
        lines.index("::endgroup::"),
    ]
    assert commands == [0, len(lines) - 5, len(lines) - 4]
    assert re.fullmatch(r"drift of dev: failed in [0-9.]+ s: 1 to update, 3 unchanged", lines[-3])
    assert lines[-2:] == [
        "drift of prod: not run",
        "::error title=drift of dev failed::RootFi and the declaration differ: deploy, or declare what RootFi has",
    ]
    assert "to update: client&#95;id, is&#95;disabled" in summary.read_text()


@pytest.mark.case
def test_preview_on_gitlab_folds_each_stack(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    add_stack(project, "prod", emulator.url)
    done = subprocess.run(
        [*ENTRY_POINT, "preview", "dev", "prod"],
        cwd=project.folder,
        env=project.environ | {"GITLAB_CI": "true"},
        capture_output=True,
        timeout=5 * PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    sections = re.findall(r"\x1b\[0Ksection_(start|end):[0-9]+:(\w+)\r", done.stdout.decode())
    assert sections == [
        ("start", "preview_of_dev"),
        ("end", "preview_of_dev"),
        ("start", "preview_of_prod"),
        ("end", "preview_of_prod"),
    ]
    assert emulator.calls == []


@pytest.mark.case
def test_deploy_whose_reader_stops_ends_in_order(project: Project, emulator: Emulator, api_key: str) -> None:
    project.declare({"xero": XERO})
    deploy = subprocess.Popen(
        [*ENTRY_POINT, "deploy", "dev"],
        cwd=project.folder,
        env=project.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert deploy.stdout
    assert deploy.stderr
    deploy.stdout.readline()
    deploy.stdout.close()
    assert (deploy.wait(5 * PATIENCE), deploy.stderr.read()) == (0, "")
    deploy.stderr.close()
    assert len(emulator.integrations(api_key)) == 1
    assert [*project.resources()] == ["xero"]


@pytest.mark.case
def test_deploy_without_pulumi_exits_127(project: Project, tmp_path: Path) -> None:
    ended = rootfi_pulumi(project, "deploy", "dev", code=127, PATH=str(tmp_path))
    assert ended.errors.startswith("rootfi-pulumi deploy: `pulumi` is not on PATH: install it")
