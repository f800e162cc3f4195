"""`rootfi-pulumi capture` takes what RootFi has into a stack's file; one `pulumi up` then adopts it."""

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.api.models import IntegrationType
from rootfi_pulumi.declaration.stack_mistakes import problems_in
from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.command.capture import AWKWARD, add, stack_file
from tests.support.command.in_project import ENTRY_POINT, on_terminal, rootfi_pulumi
from tests.support.pulumi_project import Project, files_that_hold


@pytest.fixture
def xero(emulator: Emulator, api_key: str, project: Project) -> int:
    """The id of an integration that was created by hand."""
    return add(emulator, api_key, project)


@pytest.mark.case
def test_seventeen_captured_integrations_are_adopted_by_one_up(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    ids = []
    for number, kind in enumerate(IntegrationType):
        secret = AWKWARD[number] if number < len(AWKWARD) else f"secret-of-{kind}"
        flags = {"is_disabled": number % 5 == 0, "is_rootfi_identity": number % 4 == 0}
        ids.append(
            add(
                emulator,
                api_key,
                project,
                integration_type=kind,
                client_id=f"{number}",
                client_secret=secret,
                **flags,
            )
        )
    ended = rootfi_pulumi(project, "capture", *map(str, ids))
    assert "17 written" in ended.output
    assert problems_in(stack_file(project).read_text()) == []
    emulator.forget_requests()
    project.up()
    assert sorted(emulator.calls) == sorted(f"GET /integrations/{rootfi_id}" for rootfi_id in ids)
    project.preview("--refresh", "--expect-no-changes")
    assert {call.partition(" ")[0] for call in emulator.calls} == {"GET"}


def test_the_entry_is_named_as_the_type_and_has_its_members(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    rootfi_id = add(emulator, api_key, project, integration_type="ZOHO_BOOKS", is_disabled=True)
    shown = json.loads(rootfi_pulumi(project, "capture", str(rootfi_id), "--json").output)
    assert shown == {
        "file": str(stack_file(project)),
        "written": True,
        "integrations": {
            "zoho-books": {
                "integration_type": "ZOHO_BOOKS",
                "client_id": "xero-app",
                "client_secret": {"secure": "v1:…"},
                "is_disabled": True,
                "adopt": rootfi_id,
            }
        },
        "variables": [],
    }


def test_existing_lines_of_the_file_stay_byte_for_byte(project: Project, xero: int) -> None:
    path = stack_file(project)
    salt = path.read_text().partition("encryptionsalt:")[2]
    before = (
        f"# head\nconfig:\n    rootfi:baseUrl:   {project_url(path)}  # why\n\n# tail\nencryptionsalt:{salt}"
    )
    path.write_text(before)
    rootfi_pulumi(project, "capture", str(xero))
    start, end = before.split("\n\n")
    after = path.read_text()
    assert after.startswith(f"{start}\n    rootfi:integrations:\n      xero:\n")
    assert after.endswith(f"\n\n{end}")
    project.up()


def project_url(path: Path) -> str:
    return path.read_text().partition("rootfi:baseUrl: ")[2].partition("\n")[0]


@pytest.mark.case
def test_the_key_is_taken_from_the_stacks_config(project: Project, api_key: str, xero: int) -> None:
    project.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=api_key)
    rootfi_pulumi(project, "capture", str(xero), ROOTFI_API_KEY="of-nobody")


@pytest.mark.case
def test_the_stack_can_be_named(project: Project, xero: int) -> None:
    project.pulumi("stack", "init", "other")
    rootfi_pulumi(project, "capture", str(xero), "--stack", "dev")
    assert "adopt" in stack_file(project).read_text()


@pytest.mark.case
def test_a_stack_without_a_file_gets_one_that_pulumi_can_decrypt(
    project: Project, emulator: Emulator, xero: int
) -> None:
    stack_file(project).unlink()
    rootfi_pulumi(project, "capture", str(xero), ROOTFI_BASE_URL=emulator.url)
    project.preview(ROOTFI_BASE_URL=emulator.url)


@pytest.mark.case
def test_no_secret_is_written_anywhere_in_plain_text(project: Project, tmp_path: Path, xero: int) -> None:
    rootfi_pulumi(project, "capture", str(xero))
    assert files_that_hold(tmp_path, project.secrets) == []


@pytest.mark.parametrize("answer", ["masked", "null", "omitted"])
def test_a_secret_that_rootfi_does_not_show_becomes_a_variable(
    project: Project, emulator: Emulator, xero: int, answer: Any
) -> None:
    emulator.secrets = answer
    ended = rootfi_pulumi(project, "capture", str(xero))
    assert "Set these variables where Pulumi runs: XERO_CLIENT_SECRET\n" in ended.output
    assert "client_secret: {from_env: XERO_CLIENT_SECRET}" in stack_file(project).read_text()


@pytest.mark.case
def test_from_env_stores_no_secret_and_up_has_nothing_to_do(project: Project, xero: int) -> None:
    rootfi_pulumi(project, "capture", str(xero), "--from-env")
    assert "secure" not in stack_file(project).read_text()
    project.up()
    project.preview("--refresh", "--expect-no-changes")


def test_a_dry_run_shows_the_entry_and_writes_nothing(project: Project, xero: int) -> None:
    before = stack_file(project).read_bytes()
    ended = rootfi_pulumi(project, "capture", str(xero), "--dry-run")
    assert (
        "xero:\n  integration_type: XERO\n  client_id: xero-app\n  client_secret:\n    secure: v1:…\n"
        in ended.output
    )
    assert stack_file(project).read_bytes() == before


def with_pulumi_behind(project: Project, folder: Path, script: str) -> dict[str, Any]:
    """Return a PATH on which `pulumi` runs a script before the real one."""
    path = folder / "bin" / "pulumi"
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\n{script}\nPATH="{project.environ["PATH"]}"\nexec pulumi "$@"\n')
    path.chmod(0o755)
    return {"PATH": f"{path.parent}:/usr/bin:/bin"}


def test_no_secret_is_an_argument_of_a_command(project: Project, tmp_path: Path, xero: int) -> None:
    rootfi_pulumi(
        project,
        "capture",
        str(xero),
        **with_pulumi_behind(project, tmp_path, f'echo "$@" >> {tmp_path}/args'),
    )
    assert "config set --secret" in (tmp_path / "args").read_text()
    assert files_that_hold(tmp_path, project.secrets) == []


@pytest.mark.case
def test_capture_killed_while_pulumi_encrypts_leaves_the_file_unchanged(
    project: Project, tmp_path: Path, xero: int
) -> None:
    before = stack_file(project).read_bytes()
    path = with_pulumi_behind(project, tmp_path, 'case "$*" in "config set"*) kill -9 $PPID; exit;; esac')
    command = [*ENTRY_POINT, "capture", str(xero)]
    done = subprocess.run(command, cwd=project.folder, env=project.environ | path, check=False)
    assert done.returncode == -signal.SIGKILL
    assert stack_file(project).read_bytes() == before
    assert files_that_hold(tmp_path, project.secrets) == []


@pytest.mark.case
def test_a_pulumi_that_quotes_the_secret_in_its_error_is_not_repeated(
    project: Project, tmp_path: Path, xero: int
) -> None:
    path = with_pulumi_behind(project, tmp_path, 'case "$*" in "config set"*) cat >&2; exit 1;; esac')
    said = rootfi_pulumi(project, "capture", str(xero), code=1, **path).errors
    assert said == "rootfi-pulumi capture: pulumi config set: [secret]\n"


def test_a_file_that_changes_meanwhile_is_not_overwritten(
    project: Project, tmp_path: Path, xero: int
) -> None:
    append = f'case "$*" in "config set"*) echo "# by hand" >> {stack_file(project)};; esac'
    path = with_pulumi_behind(project, tmp_path, append)
    said = rootfi_pulumi(project, "capture", str(xero), code=1, **path).errors
    assert "not written, since it has changed meanwhile" in said
    assert stack_file(project).read_text().endswith("# by hand\n")


@pytest.mark.case
def test_a_terminal_shows_progress(project: Project, xero: int) -> None:
    shown = on_terminal(project, "capture", str(xero))
    assert "reading integrations" in shown
    assert "encrypting the secrets" in shown
    assert "1 written" in shown


@pytest.mark.case
def test_a_wait_for_rootfi_is_reported(project: Project, emulator: Emulator, xero: int) -> None:
    emulator.inject(Fault(status=429, headers={"Retry-After": "3"}))
    said = rootfi_pulumi(project, "capture", str(xero)).errors
    assert (
        said == "rootfi-pulumi capture: RootFi's rate limit is reached: waiting 3 s before the next request\n"
    )


@pytest.mark.case
def test_a_pipe_gets_no_progress(project: Project, xero: int) -> None:
    assert rootfi_pulumi(project, "capture", str(xero)).errors == ""
