"""`rootfi-pulumi capture --format python` writes a program; one `pulumi up` of it adopts what RootFi has."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rootfi_pulumi.api.models import IntegrationType
from rootfi_pulumi.emulator import Emulator
from tests.support.command.capture import AWKWARD, add, stack_file
from tests.support.command.in_project import Ended, rootfi_pulumi
from tests.support.pulumi_project import REPOSITORY, Project, files_that_hold


@pytest.fixture
def xero(emulator: Emulator, api_key: str, project: Project) -> int:
    """The id of an integration that was created by hand."""
    return add(emulator, api_key, project)


def program(project: Project, *args: str, code: int = 0) -> Ended:
    return rootfi_pulumi(project, "capture", "--format", "python", *args, code=code)


def assert_adopts(project: Project, emulator: Emulator, captured: str, ids: list[int]) -> None:
    """Run the program: a preview sends nothing, and an `up` only reads."""
    project.write(captured)
    emulator.forget_requests()
    shown = project.preview().output
    assert sorted(map(int, re.findall(r"^ +adopt +: (\d+)$", shown, re.MULTILINE))) == sorted(ids)
    assert emulator.calls == []
    project.up()
    assert sorted(emulator.calls) == sorted(f"GET /integrations/{each}" for each in ids)
    project.preview("--refresh", "--expect-no-changes")
    assert {call.partition(" ")[0] for call in emulator.calls} == {"GET"}


def test_captured_program_adopts_without_a_write(
    project: Project, emulator: Emulator, xero: int, tmp_path: Path
) -> None:
    ended = program(project, str(xero))
    key = "clientSecrets:xeroClientSecret"
    path = stack_file(project)
    assert ended.errors == f"{key}: encrypted and written to {path}\nThen run:\npulumi up --stack dev\n"
    assert files_that_hold(tmp_path, project.secrets) == []
    assert_adopts(project, emulator, ended.output, [xero])


@pytest.mark.case
def test_captured_program_has_all_types_and_odd_values(
    project: Project, emulator: Emulator, api_key: str, tmp_path: Path
) -> None:
    ids = [
        add(
            emulator,
            api_key,
            project,
            integration_type=kind,
            client_id=AWKWARD[number % len(AWKWARD)],
            client_secret=f"{AWKWARD[-number % len(AWKWARD)]}{number}",
            is_disabled=number % 5 == 0,
            is_rootfi_identity=number % 4 == 0,
        )
        for number, kind in enumerate(IntegrationType)
    ]
    captured = program(project, *map(str, ids)).output
    written = tmp_path / "captured.py"
    written.write_text(captured)
    ruff = ("ruff", "check", "--isolated"), ("ruff", "format", "--isolated", "--check")
    for check in (*ruff, ("mypy", "--strict")):
        # Not where this package is, which ruff would take for the program's own.
        environ = os.environ | {"MYPYPATH": str(REPOSITORY)}
        subprocess.run([sys.executable, "-m", *check, written], cwd=tmp_path, env=environ, check=True)
    assert_adopts(project, emulator, captured, ids)


@pytest.mark.case
def test_captured_program_reads_its_own_projects_config(
    project: Project, emulator: Emulator, xero: int
) -> None:
    settings = project.folder / "Pulumi.yaml"
    settings.write_text(settings.read_text().replace("name: rootfi\n", "name: mine\n"))
    project.new_stack()
    captured = program(project, str(xero)).output
    assert "mine:xeroClientSecret:\n" in stack_file(project).read_text()
    (project.folder / "__main__.py").write_text(captured)
    project.up()
    assert emulator.calls[-1] == f"GET /integrations/{xero}"


def test_capture_of_a_program_can_be_repeated(project: Project, emulator: Emulator, xero: int) -> None:
    first = program(project, str(xero))
    before = stack_file(project).read_bytes()
    again = program(project, str(xero))
    assert again.output == first.output
    assert again.errors == "Then run:\npulumi up --stack dev\n"
    assert stack_file(project).read_bytes() == before


@pytest.mark.case
@pytest.mark.parametrize("options", [["--secret"], ["--plaintext"]])
def test_config_with_another_value_is_refused(
    project: Project, emulator: Emulator, xero: int, options: list[str]
) -> None:
    value = "another" if options == ["--secret"] else project.environ["XERO_CLIENT_SECRET"]
    project.pulumi("config", "set", *options, "clientSecrets:xeroClientSecret", stdin=value)
    before = stack_file(project).read_bytes()
    ended = program(project, str(xero), code=1)
    assert "clientSecrets:xeroClientSecret: has another value, or is not encrypted" in ended.errors
    assert ended.output == ""
    assert stack_file(project).read_bytes() == before


@pytest.mark.case
def test_program_without_stored_secrets_changes_no_file(
    project: Project, emulator: Emulator, xero: int
) -> None:
    before = stack_file(project).read_bytes()
    ended = program(project, str(xero), "--from-env")
    assert 'client_secret=FromEnv("XERO_CLIENT_SECRET"),' in ended.output
    assert "Set these variables where Pulumi runs: XERO_CLIENT_SECRET\n" in ended.errors
    assert stack_file(project).read_bytes() == before
    assert_adopts(project, emulator, ended.output, [xero])


@pytest.mark.case
def test_dry_run_of_a_program_changes_no_file(project: Project, xero: int) -> None:
    before = stack_file(project).read_bytes()
    ended = program(project, str(xero), "--dry-run")
    assert f"    adopt={xero},\n" in ended.output
    assert ended.errors == ""
    assert stack_file(project).read_bytes() == before


@pytest.mark.case
def test_json_has_the_program(project: Project, emulator: Emulator, xero: int) -> None:
    shown = json.loads(program(project, str(xero), "--json").output)
    assert shown["program"] == program(project, str(xero)).output
    assert (shown["written"], shown["variables"]) == (True, [])
    assert json.loads(program(project, str(xero), "--json").output)["written"] is False


@pytest.mark.case
def test_program_of_an_unknown_type_is_refused(project: Project, emulator: Emulator, api_key: str) -> None:
    rootfi_id = add(emulator, api_key, project, integration_type="NEW_ONE")
    ended = program(project, str(rootfi_id), code=1)
    assert '"NEW_ONE" is not an integration type' in ended.errors
