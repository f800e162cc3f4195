"""`rootfi-pulumi doctor` in each state that it has a remedy for; the remedy carried out; and doctor clean."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.cli.doctor.versions import CLI
from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.command.doctor import cure, findings, problem, problems
from tests.support.command.in_project import on_terminal, rootfi_pulumi
from tests.support.pulumi_project import REPOSITORY, XERO, Project


def test_it_is_clean_after_an_up_and_only_reads(deployed: Project, emulator: Emulator) -> None:
    ended = rootfi_pulumi(deployed, "doctor")
    assert "problem" not in ended.output
    assert "not checked" not in ended.output
    # With the stack's key, and with one that RootFi cannot know.
    assert emulator.calls == 2 * ["GET /integrations/9007199254740991"]


@pytest.mark.case
def test_it_changes_nothing(deployed: Project) -> None:
    before = {path: path.read_bytes() for path in deployed.folder.rglob("*.yaml")}
    state = deployed.deployment()
    rootfi_pulumi(deployed, "doctor")
    assert {path: path.read_bytes() for path in deployed.folder.rglob("*.yaml")} == before
    assert deployed.deployment() == state


# The tools.


@pytest.fixture
def clone(deployed: Project, pulumi_folder: str) -> Project:
    """The project as a clone of this repository, whose `make` needs no set-up, on a machine without Pulumi."""
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        shutil.copy(REPOSITORY / name, deployed.folder)
        os.utime(deployed.folder / name, (0, 0))
    shutil.copytree(REPOSITORY / "tools", deployed.folder / "tools")
    python = deployed.folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n')
    python.chmod(0o755)
    (deployed.folder / ".venv" / ".ready").touch()
    without = (
        each for each in deployed.environ["PATH"].split(os.pathsep) if not (Path(each) / "pulumi").exists()
    )
    deployed.environ["PATH"] = os.pathsep.join(without)
    return deployed


def put_pulumi(project: Project, script: str) -> None:
    """Put a `pulumi` first on PATH."""
    path = project.folder / "bin" / "pulumi"
    path.parent.mkdir()
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    project.environ["PATH"] = f"{path.parent}{os.pathsep}{project.environ['PATH']}"


@pytest.mark.case
def test_a_missing_pulumi(clone: Project) -> None:
    cure(clone, problem(clone, "Pulumi CLI")["command"])


@pytest.mark.case
def test_an_old_pulumi(clone: Project, pulumi_folder: str) -> None:
    put_pulumi(clone, f'[ "$1" = version ] && echo v3.200.0 || PATH="{pulumi_folder}:$PATH" exec pulumi "$@"')
    (clone.folder / "bin" / "pulumi-language-python").symlink_to(
        Path(pulumi_folder) / "pulumi-language-python"
    )
    found = problem(clone, "Pulumi CLI")
    assert found["message"].startswith("is v3.200.0: rootfi-pulumi needs 3.")
    cure(clone, found["command"])


@pytest.mark.case
def test_doctor_finds_language_host_of_shim(clone: Project, pulumi_folder: str) -> None:
    put_pulumi(clone, f'exec "{pulumi_folder}/pulumi" "$@"')
    [host] = [each for each in findings(clone, code=0) if each["subject"] == "language host"]
    assert (host["status"], host["message"]) == ("ok", CLI)


@pytest.mark.case
def test_doctor_finds_language_host_missing(clone: Project, pulumi_folder: str) -> None:
    alone = clone.folder / "alone"
    alone.mkdir()
    shutil.copy(Path(pulumi_folder) / "pulumi", alone)
    put_pulumi(clone, f'exec "{alone}/pulumi" "$@"')
    cure(clone, problem(clone, "language host")["command"])


@pytest.mark.case
def test_elsewhere_than_in_a_clone_pulumis_own_installer_is_named(deployed: Project) -> None:
    found = problem(deployed, "Pulumi CLI", PATH="/usr/bin:/bin")
    assert found["command"].startswith("curl -fsSL https://get.pulumi.com | sh && ")


# The backend and the stack.


@pytest.mark.case
def test_no_login(deployed: Project, tmp_path: Path) -> None:
    del deployed.environ["PULUMI_BACKEND_URL"]
    fresh: dict[str, Any] = {"HOME": str(tmp_path), "PULUMI_HOME": str(tmp_path / "no-login")}
    found = problem(deployed, "backend", **fresh)
    # The stack exists in another backend, so a new one is not offered.
    assert (found["command"], "were deployed with: `pulumi login" in found["remedy"]) == ("", True)
    file = deployed.folder / "stacks" / "Pulumi.dev.yaml"
    salted = file.read_text()
    file.write_text("\n".join(line for line in salted.splitlines() if "encryptionsalt" not in line))
    login = problem(deployed, "backend", **fresh)["command"]
    # There, no stack exists yet.
    cure(deployed, login, code=1, **fresh)
    cure(deployed, problem(deployed, "stack", **fresh)["command"], **fresh)


@pytest.mark.case
def test_doctor_seeks_deployed_stack_elsewhere(deployed: Project, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    url = (tmp_path / "empty").as_uri()
    found = problem(deployed, "stack", PULUMI_BACKEND_URL=url)
    assert found["command"] == ""
    assert found["remedy"].startswith(f"dev was probably deployed with another backend than this one ({url})")
    path = deployed.folder / "Pulumi.yaml"
    path.write_text(f"{path.read_text()}\nbackend:\n  url: {url}\n")
    del deployed.environ["PULUMI_BACKEND_URL"]
    found = problem(deployed, "stack")
    line = len(path.read_text().splitlines())
    assert f"Select that one: correct backend.url in Pulumi.yaml:{line}; only if" in found["remedy"]


def test_no_selected_stack(deployed: Project) -> None:
    deployed.pulumi("stack", "unselect")
    found = problem(deployed, "stack")
    assert found["command"] == "pulumi stack select dev"
    cure(deployed, found["command"])


@pytest.mark.case
def test_a_stack_that_does_not_exist(deployed: Project) -> None:
    ended = rootfi_pulumi(deployed, "doctor", "--json", "--stack", "new", code=1)
    [command] = [each["command"] for each in json.loads(ended.output) if each["subject"] == "stack"]
    subprocess.run(
        ["bash", "-c", command], cwd=deployed.folder, env=deployed.environ, check=True, capture_output=True
    )
    ended = rootfi_pulumi(deployed, "doctor", "--json", "--stack", "new", code=1)
    # The check of the stack's file reports a stack that declares nothing.
    assert {each["status"] for each in json.loads(ended.output) if each["subject"] == "stack"} == {"ok"}


# RootFi.


@pytest.mark.case
@pytest.mark.parametrize("key", ["", "of-nobody"])
def test_a_missing_or_unknown_key_of_the_environment(deployed: Project, api_key: str, key: str) -> None:
    deployed.environ["ROOTFI_API_KEY"] = key
    found = problem(deployed, "API key")
    assert ("RootFi answers 401" in found["message"]) == bool(key)
    cure(deployed, found["command"], stdin=f"{api_key}\n")


@pytest.mark.case
def test_an_unknown_key_of_the_config(deployed: Project, api_key: str) -> None:
    deployed.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin="of-nobody")
    found = problem(deployed, "API key")
    assert "(the key is from the stack's config)" in found["message"]
    cure(deployed, found["command"], stdin=api_key)


@pytest.mark.case
@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://rootfi.example"])
def test_a_base_url_of_the_config_that_cannot_be_asked(
    deployed: Project, emulator: Emulator, address: str
) -> None:
    deployed.environ["ROOTFI_BASE_URL"] = emulator.url
    deployed.declare(baseUrl=address)
    found = problems(deployed)
    # A mistake in the file is reported with its line; the other address can only be asked.
    subject, where = ("base URL", "http") if "127" in address else ("stack files", "stacks/Pulumi.dev.yaml:")
    assert [each["subject"] for each in found] == [subject]
    assert found[0]["message"].startswith(where)
    cure(deployed, found[0]["command"])


@pytest.mark.case
def test_a_base_url_of_the_environment_that_cannot_be_asked(deployed: Project, emulator: Emulator) -> None:
    deployed.pulumi("config", "rm", "rootfi:baseUrl")
    found = problem(deployed, "base URL", ROOTFI_BASE_URL="http://127.0.0.1:9")
    # Without it, the default is asked, which no test may.
    assert found["command"] == "unset ROOTFI_BASE_URL"


def test_doctor_fails_where_it_could_not_look(deployed: Project, emulator: Emulator) -> None:
    emulator.inject(Fault(status=429, times=None))
    assert [
        (each["subject"], each["status"]) for each in findings(deployed, code=1) if each["status"] != "ok"
    ] == [("API key", "not checked")]


# The declaration.


@pytest.mark.case
def test_a_plain_client_secret(deployed: Project) -> None:
    secret = deployed.environ["XERO_CLIENT_SECRET"]
    deployed.declare({"my xero's": XERO | {"client_secret": secret}})
    found = problem(deployed, "stack files")
    assert found["message"].startswith(f"{Path('stacks')}/Pulumi.dev.yaml:")
    cure(deployed, found["command"], stdin=secret)
    assert secret not in (deployed.folder / "stacks" / "Pulumi.dev.yaml").read_text()


def test_a_plain_api_key(deployed: Project, api_key: str) -> None:
    deployed.declare(apiKey=api_key)
    found = problem(deployed, "stack files")
    assert found["message"].endswith(": rootfi:apiKey: is in plain text")
    cure(deployed, found["command"], stdin=api_key)


@pytest.mark.case
def test_another_mistake_is_reported_with_its_line(deployed: Project) -> None:
    deployed.declare({"xero": XERO | {"client_id": ""}})
    found = problem(deployed, "stack files")
    assert "integrations.xero.client_id: must not be empty" in found["message"]
    assert (found["remedy"], found["command"]) == ("correct the line", "")


def test_a_missing_variable(deployed: Project) -> None:
    secret = deployed.environ.pop("XERO_CLIENT_SECRET")
    cure(deployed, problem(deployed, "variables")["command"], stdin=f"{secret}\n")


# How it shows.


@pytest.mark.case
def test_a_terminal_shows_progress_and_colours(deployed: Project) -> None:
    shown = on_terminal(deployed, "doctor")
    assert "checking" in shown
    assert "\x1b[32mok" in shown
    assert "\x1b[32mReady for `pulumi up`: " in shown.splitlines()[-1]


@pytest.mark.case
def test_terminal_shows_problems_last_and_counts_them(deployed: Project) -> None:
    deployed.declare({"a": XERO | {"client_id": ""}, "b": XERO | {"client_id": ""}}, apiKey="plain")
    shown = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", on_terminal(deployed, "doctor"))
    findings = [
        line.partition("  ")[0] for line in shown.splitlines() if line.startswith(("ok ", "problem "))
    ]
    assert findings == sorted(findings)
    assert shown.count("correct the line") == 1
    assert re.fullmatch(r"[2-9] problems, (\d+ not checked, )?\d+ ok", shown.splitlines()[-1])


@pytest.mark.case
def test_no_color_takes_the_colours(deployed: Project) -> None:
    assert "\x1b[3" not in on_terminal(deployed, "doctor", NO_COLOR="1")


@pytest.mark.case
def test_a_pipe_gets_a_line_for_each_and_below_a_problem_its_remedy(deployed: Project) -> None:
    del deployed.environ["XERO_CLIENT_SECRET"]
    ended = rootfi_pulumi(deployed, "doctor", code=1)
    assert ended.errors == ""
    assert ended.output.startswith("ok           Pulumi CLI: v3.")
    assert (
        "problem      variables: environment variable XERO_CLIENT_SECRET is not set: set it where pulumi runs\n"
        "             enter its value; your input is hidden:\n"
        "             $ read -rs XERO_CLIENT_SECRET && export XERO_CLIENT_SECRET\n"
    ) in ended.output


@pytest.mark.case
def test_doctor_fails_outside_a_project(deployed: Project, emulator: Emulator) -> None:
    elsewhere = deployed.folder.parent / "elsewhere"
    elsewhere.mkdir()
    outside = replace(deployed, folder=elsewhere)
    found = problem(outside, "project", ROOTFI_BASE_URL=emulator.url)
    assert found["message"].startswith("no Pulumi.yaml here or above")
    [key] = [
        each
        for each in findings(outside, code=1, ROOTFI_BASE_URL=emulator.url)
        if each["subject"] == "API key"
    ]
    assert key["message"] == "RootFi accepts the key from ROOTFI_API_KEY"


@pytest.mark.case
def test_wrong_usage_exits_2(project: Project) -> None:
    assert rootfi_pulumi(project, "doctor", "all", code=2).output == ""
