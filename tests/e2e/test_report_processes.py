"""How many `pulumi` processes `rootfi-pulumi report` starts, and for what."""

import json
import shlex
import shutil
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.command.in_project import on_terminal, rootfi_pulumi
from tests.support.pulumi_project import XERO, Project

STACKS = ("dev", "qa", "u")


@dataclass
class Counted:
    """A project whose `pulumi` writes a line for each process to a file."""

    project: Project
    log: Path

    def report(self, *options: str) -> tuple[dict[str, Any], Counter[str]]:
        """Return the report and how often each of Pulumi's commands ran."""
        self.log.write_text("")
        ended = rootfi_pulumi(self.project, "report", "--json", *options)
        lines = self.log.read_text().splitlines()
        commands = Counter(" ".join(line.split()[:2]) for line in lines)
        return json.loads(ended.output), commands


def counted(project: Project, folder: Path) -> Counted:
    log, wrapper = folder / "commands", folder / "counted" / "pulumi"
    pulumi = shutil.which("pulumi", path=project.environ["PATH"])
    assert pulumi
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\necho "$*" >>{shlex.quote(str(log))}\nexec {shlex.quote(pulumi)} "$@"\n')
    wrapper.chmod(0o755)
    environ = project.environ | {"PATH": f"{wrapper.parent}:{project.environ['PATH']}"}
    return Counted(replace(project, environ=environ), log)


@pytest.fixture
def three(project: Project, emulator: Emulator, tmp_path: Path) -> Counted:
    """Stacks of three organisations, each with the same types and its encrypted key in the config."""
    del project.environ["ROOTFI_API_KEY"]
    for name in STACKS:
        stack = replace(project, stack=name)
        if name != project.stack:
            stack.new_stack(name)
        stack.declare({"xero": XERO}, baseUrl=emulator.url)
        set_key(project, name, emulator.add_organisation())
    return counted(project, tmp_path)


def set_key(project: Project, stack: str, key: str) -> None:
    project.secrets.append(key)
    project.pulumi("config", "set", "--secret", "rootfi:apiKey", "--stack", stack, stdin=key)


@pytest.mark.case
def test_report_takes_one_process_a_stack_and_refresh_one_more(
    deployed: Project, emulator: Emulator, tmp_path: Path
) -> None:
    deployed.up()  # the state that was copied has another address
    second = replace(deployed, stack="u")
    second.new_stack("u")
    second.declare({"xero": XERO}, baseUrl=emulator.url)
    second.up()
    each = counted(deployed, tmp_path)
    assert each.report()[1] == {"stack export": 2}
    assert each.report("--refresh")[1] == {"stack export": 2, "refresh --preview-only": 2}


@pytest.mark.case
def test_report_decrypts_each_key_once(three: Counted) -> None:
    report, commands = three.report()
    assert (report["shared"], commands) == ([], {"stack export": 3, "config get": 3})
    report, commands = three.report()
    assert (report["shared"], commands) == ([], {"stack export": 3})
    key = three.project.secrets[-len(STACKS)]
    set_key(three.project, "u", key)
    for gets in (3, 0):
        report, commands = three.report()
        [shared] = report["shared"]
        assert [each["stack"] for each in shared["integrations"]] == ["dev", "u"]
        assert (shared["same_key"], commands["config get"]) == (True, gets)


@pytest.mark.case
def test_report_without_the_passphrase_takes_one_process_a_stack(three: Counted) -> None:
    del three.project.environ["PULUMI_CONFIG_PASSPHRASE"]
    report, commands = three.report()
    assert (report["shared"], commands) == ([], {"stack export": 3})


@pytest.mark.case
def test_copied_file_is_named_without_decrypting_a_key(three: Counted) -> None:
    folder = three.project.folder / "stacks"
    shutil.copy(folder / "Pulumi.dev.yaml", folder / "Pulumi.u.yaml")
    report, commands = three.report("--stack", "dev", "--stack", "u")
    assert [each["same_key"] for each in report["shared"]] == [True]
    assert commands == {"stack export": 2}


@pytest.mark.case
def test_report_on_a_terminal_names_the_open_stacks(three: Counted) -> None:
    shown = on_terminal(three.project, "report")
    assert "reading dev, qa, u · 0 s" in shown
    assert "decrypting the API key of dev, qa, u · 0 s" in shown
