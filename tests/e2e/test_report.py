"""`rootfi-pulumi report` of stacks in each state that there is, read by the real engine."""

import html
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.command.in_project import ENTRY_POINT, on_terminal, rootfi_pulumi
from tests.support.patience import PATIENCE
from tests.support.processes import started
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project, environment, files_that_hold

TRACKED, BY_HAND = "tracked-in-the-file", "put-in-by-hand"
FORMATS = ("table", "markdown", "json", "html")
IN_STATE = {
    "gone": ["undeclared"],
    "lost": ["unfinished"],
    "new": ["missing"],
    "quickbooks": ["disabled"],
    "tracked": ["enabled"],
    "xero": ["enabled"],
}
"""The report of the stack `dev` without --refresh."""


def of_type(integration_type: str) -> dict[str, Any]:
    return XERO | {"integration_type": integration_type}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(patience=PATIENCE) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def stacks(
    emulator: Emulator, pulumi_folder: str, pulumi_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Project:
    """The stack `dev`, whose `xero` and `tracked` were changed at RootFi, and `prod`, never deployed."""
    folder, api_key = tmp_path_factory.mktemp("report"), emulator.add_organisation()
    environ = environment(folder, pulumi_folder, pulumi_home)
    project = Project.new(folder, environ, emulator.url, api_key)
    project.secrets += [TRACKED, BY_HAND]
    kept = {"xero": XERO, "tracked": of_type("WAVE"), "quickbooks": QUICKBOOKS | {"is_disabled": True}}
    project.declare(kept | {"gone": of_type("BUSY")})
    path = "rootfi:integrations.tracked.client_secret"
    project.pulumi("config", "set", "--secret", "--path", path, stdin=TRACKED)
    project.up()
    declared = project.declared()
    emulator.inject(Fault(operation="create", hang_up="after"))
    project.declare(declared | {"lost": of_type("QOYOD")})
    project.up(code=None)
    del declared["gone"]
    project.declare(declared | {"lost": of_type("QOYOD"), "new": of_type("NETSUITE")})
    at_rootfi = {each.integration_type: each.rootfi_id for each in emulator.integrations(api_key)}
    emulator.edit(at_rootfi["XERO"], client_secret=BY_HAND)
    emulator.remove(at_rootfi["WAVE"])
    production = replace(project, stack="prod")
    production.declare({"xero": XERO}, baseUrl=emulator.url)
    return project


@pytest.fixture
def bare(stacks: Project) -> Project:
    """The same where nothing decrypts a stack and no credential is in the environment."""
    secret = ("PULUMI_CONFIG_PASSPHRASE", "ROOTFI_API_KEY", "XERO_CLIENT_SECRET", "QUICKBOOKS_CLIENT_SECRET")
    return replace(stacks, environ={key: each for key, each in stacks.environ.items() if key not in secret})


@pytest.fixture
def own(stacks: Project, tmp_path: Path) -> Project:
    """A copy of the project and its state, to be spoilt."""
    shutil.copytree(stacks.folder.parent, tmp_path / "copy")
    state = (tmp_path / "copy" / "state").as_uri()
    environ = stacks.environ | {"PULUMI_BACKEND_URL": state}
    return replace(stacks, folder=tmp_path / "copy" / "project", environ=environ)


def told(project: Project, *args: str, code: int = 0, **environ: str) -> dict[str, Any]:
    """Return each stack of the report as JSON, by its name."""
    ended = rootfi_pulumi(project, "report", "--json", *args, code=code, **environ)
    return {each["stack"]: each for each in json.loads(ended.output)["stacks"]}


def states(stack: dict[str, Any]) -> dict[str, list[str]]:
    return {name: each["states"] for name, each in stack["integrations"].items()}


def everything(folder: Path) -> dict[str, bytes]:
    kept = (folder / "project" / "stacks", folder / "state")
    return {str(path): path.read_bytes() for each in kept for path in each.rglob("*") if path.is_file()}


def test_without_a_secret_every_stack_is_read_and_rootfi_is_not_asked(
    bare: Project, emulator: Emulator
) -> None:
    emulator.forget_requests()
    found = told(bare)
    assert [*found] == ["dev", "prod"]
    assert (states(found["dev"]), states(found["prod"])) == (IN_STATE, {"xero": ["missing"]})
    assert emulator.calls == []


def test_refresh_finds_what_was_changed_at_rootfi(stacks: Project) -> None:
    dev = told(stacks, "--refresh", "--stack", "dev")["dev"]
    assert states(dev) == IN_STATE | {"xero": ["drifted"], "tracked": ["drifted"]}
    drifted = {name: each["drifted"] for name, each in dev["integrations"].items() if each["drifted"]}
    assert drifted == {"xero": ["client_secret"], "tracked": ["no longer at RootFi"]}


@pytest.mark.case
def test_refresh_needs_no_client_secret_and_changes_nothing(stacks: Project, bare: Project) -> None:
    given: dict[str, Any] = {
        name: stacks.environ[name] for name in ("PULUMI_CONFIG_PASSPHRASE", "ROOTFI_API_KEY")
    }
    before = everything(stacks.folder.parent)
    dev = told(bare, "--refresh", "--stack", "dev", **given)["dev"]
    assert states(dev)["xero"] == ["drifted"]
    assert everything(stacks.folder.parent) == before


@pytest.mark.case
def test_refresh_without_the_passphrase_shows_the_state_and_fails(
    bare: Project,
) -> None:
    dev = told(bare, "--refresh", "--stack", "dev", code=1)["dev"]
    assert states(dev) == IN_STATE
    [problem] = dev["problems"]
    assert problem.startswith("cannot check for drift: ")
    assert "passphrase" in problem


def test_a_stack_that_was_never_deployed_is_no_mistake(bare: Project) -> None:
    prod = told(bare, "--stack", "prod")["prod"]
    assert (prod["notes"], prod["problems"], prod["known"]) == (["never deployed"], [], True)


def test_an_integration_shows_what_identifies_its_credential(bare: Project, emulator: Emulator) -> None:
    xero = told(bare, "--stack", "dev")["dev"]["integrations"]["xero"]
    assert emulator.integration(xero.pop("rootfi_id")).integration_type == "XERO"
    assert xero == {
        "state": "enabled",
        "states": ["enabled"],
        "integration_type": "XERO",
        "client_id": "xero-app",
        "client_id_tail": "-app",
        "secret_number": 1,
        "age_days": {"at_least": 0, "at_most": 0},
        "drifted": [],
        "changes": [],
    }


# What cannot be read.


def test_report_on_an_unknown_name_fails_and_shows_the_others(bare: Project) -> None:
    ended = rootfi_pulumi(bare, "report", "--stack", "typo", "--stack", "prod", code=1)
    why = "no stack or stack file has this name"
    assert ended.errors == f"rootfi-pulumi report: typo: {why}\n"
    [alert] = [line for line in ended.output.splitlines() if "not read  typo" in line]
    assert (why in alert, alert.endswith("  $ rootfi-pulumi doctor --stack typo")) == (True, True)
    assert "✕ missing" in ended.output


@pytest.mark.case
def test_a_state_that_is_no_state_leaves_its_integrations_unknown(own: Project) -> None:
    [state] = (own.folder.parent / "state").rglob("dev.json")
    state.write_text("{")
    dev = told(own, code=1)["dev"]
    assert (dev["known"], dev["integrations"], len(dev["problems"])) == (False, {}, 1)


def test_a_mistake_in_a_file_fails_and_the_state_is_shown(own: Project) -> None:
    own.declare({"xero": XERO | {"client_id": ""}})
    dev = told(own, "--stack", "dev", code=1)["dev"]
    assert "integrations.xero.client_id: must not be empty" in dev["problems"][0]
    assert states(dev)["quickbooks"] == ["disabled"]


@pytest.mark.case
def test_a_state_without_its_file_is_shown_with_a_note(own: Project) -> None:
    (own.folder / "stacks" / "Pulumi.dev.yaml").unlink()
    dev = told(own, "--stack", "dev")["dev"]
    assert dev["notes"] == [f"{Path('stacks')}/Pulumi.dev.yaml does not exist"]
    assert states(dev)["gone"] == ["enabled"]


@pytest.mark.case
def test_a_key_that_rootfi_refuses_is_reported_in_its_words(own: Project) -> None:
    dev = told(own, "--refresh", "--stack", "dev", code=1, ROOTFI_API_KEY="of-nobody")["dev"]
    assert (states(dev), "401" in dev["problems"][0]) == (IN_STATE, True)


@pytest.mark.case
def test_outside_a_project_it_is_one_line(stacks: Project, tmp_path: Path) -> None:
    ended = rootfi_pulumi(replace(stacks, folder=tmp_path), "report", code=1)
    assert (ended.output, ended.errors.count("\n")) == ("", 1)
    assert "no Pulumi.yaml here or above" in ended.errors


@pytest.mark.case
def test_without_any_file_it_says_how_to_name_a_stack(own: Project) -> None:
    shutil.rmtree(own.folder / "stacks")
    assert "name a stack with --stack" in rootfi_pulumi(own, "report", code=1).errors


# What it ends with.


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["--fail-on", "disabled"], "quickbooks is disabled in dev"),
        (["--fail-on", "unfinished", "--stack", "dev"], "lost is unfinished in dev"),
        (["--fail-on", "drifted", "--refresh", "--stack", "dev"], "xero is drifted in dev"),
        (["--fail-on", "undeclared", "--fail-on", "missing", "--stack", "prod"], "xero is missing in prod"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_state_named_by_fail_on_fails_and_is_reported(
    stacks: Project, options: list[str], line: str
) -> None:
    errors = rootfi_pulumi(stacks, "report", *options, code=1).errors
    assert f"rootfi-pulumi report: {line}\n" in errors


@pytest.mark.case
def test_a_state_that_does_not_occur_fails_nothing(bare: Project) -> None:
    assert rootfi_pulumi(bare, "report", "--fail-on", "disabled", "--stack", "prod").errors == ""


def test_a_state_behind_the_one_that_is_shown_fails_too(own: Project) -> None:
    declared = own.declared()
    del declared["xero"]
    own.declare(declared)
    line = ("report", "--refresh", "--stack", "dev", "--fail-on", "undeclared", "--format", "json")
    ended = rootfi_pulumi(own, *line, code=1)
    [dev] = json.loads(ended.output)["stacks"]
    assert states(dev)["xero"] == ["drifted", "undeclared"]
    assert "xero is undeclared in dev" in ended.errors


@pytest.mark.case
@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--fail-on", "drifted"], "drifted requires --refresh"),
        (
            ["--fail-on", "enabled"],
            "'enabled' is not one of unfinished, drifted, missing, undeclared, disabled",
        ),
        (["--format", "pdf"], "'pdf' is not one of 'table', 'markdown', 'json', 'html'"),
        (["--json", "--format", "html"], "--json: contradicts --format html"),
        (["--json", "--wide"], "--wide: is only for tables, not for json"),
        (["--output", "."], "'.' is a directory"),
        (["dev"], "unexpected argument 'dev': did you mean --stack dev?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_one_line_and_exits_2(stacks: Project, options: list[str], why: str) -> None:
    ended = rootfi_pulumi(stacks, "report", *options, code=2)
    assert (ended.output, why in ended.errors, ended.errors.count("\n")) == ("", True, 1)


# How it shows.


@pytest.mark.case
@pytest.mark.parametrize("form", FORMATS)
def test_each_format_goes_to_a_file_that_holds_no_secret(stacks: Project, tmp_path: Path, form: str) -> None:
    line = ("report", "--refresh", "--format", form, "--output", str(tmp_path / "report"))
    assert rootfi_pulumi(stacks, *line).output == ""
    assert "client_secret" in html.unescape((tmp_path / "report").read_text())
    assert files_that_hold(tmp_path, stacks.secrets) == []


@pytest.mark.case
def test_json_is_format_json(bare: Project) -> None:
    outputs = [
        json.loads(rootfi_pulumi(bare, "report", *options).output)
        for options in (["--json"], ["--format", "json"], ["--json", "--format", "json"])
    ]
    for each in outputs:
        del each["generated"]
    assert outputs == [outputs[0]] * 3


@pytest.mark.case
def test_a_file_that_cannot_be_written_is_one_line_and_exits_1(bare: Project) -> None:
    ended = rootfi_pulumi(bare, "report", "--output", "no/such/folder", code=1)
    assert ended.errors == "rootfi-pulumi report: no/such/folder: No such file or directory\n"


def test_a_pipe_gets_a_line_for_each_integration_however_long(bare: Project) -> None:
    lines = rootfi_pulumi(bare, "report", COLUMNS="20").output.splitlines()
    assert lines[0] == "4 of 7 need attention, in 2 of 2 stacks"
    start = lines.index("") + 1
    assert [line.split()[0] for line in lines[start : start + 7]] == ["integration", *IN_STATE]
    assert lines[-1].endswith("UTC, from the state alone; --refresh finds drift")


@pytest.mark.case
def test_wide_shows_types_and_client_ids_in_a_pipe_too(bare: Project) -> None:
    lines = rootfi_pulumi(bare, "report", "--wide").output.splitlines()
    assert "● enabled, XERO · xero-app · " in next(line for line in lines if line.startswith("xero "))


def test_terminal_shows_progress_colours_and_no_frames(bare: Project) -> None:
    shown = on_terminal(bare, "report")
    assert ["reading" in shown, "╭" in shown, "\x1b[33m✕ missing" in shown] == [True, False, True]


@pytest.mark.case
def test_wide_has_frames_on_a_terminal(bare: Project) -> None:
    assert "╭" in on_terminal(bare, "report", "--wide")


@pytest.mark.case
def test_no_color_takes_the_frames_and_colours(bare: Project) -> None:
    shown = on_terminal(bare, "report", "--wide", NO_COLOR="1")
    assert ["╭" in shown, "\x1b[3" in shown, "✕ missing" in shown] == [False, False, True]


@pytest.mark.case
def test_locale_without_the_glyphs_gets_others(bare: Project) -> None:
    output = rootfi_pulumi(bare, "report", PYTHONIOENCODING="ascii").output
    assert ["x missing" in output, "* enabled" in output, output.isascii()] == [True] * 3


# Where the table and standard error go to the same place.


def test_terminal_shows_a_problem_once(bare: Project) -> None:
    shown = on_terminal(bare, "report", "--stack", "typo", "--stack", "prod")
    assert (shown.count("no stack or stack file has this name"), "rootfi-pulumi report:" in shown) == (
        1,
        False,
    )


@pytest.mark.case
def test_terminal_explains_the_exit_code_in_one_line(bare: Project) -> None:
    shown = on_terminal(bare, "report", "--fail-on", "missing")
    last = shown.splitlines()[-1]
    assert last == "rootfi-pulumi report: exit code 1 because of --fail-on: 2 missing"


@pytest.mark.case
@pytest.mark.parametrize(
    ("form", "redirection", "number"),
    [
        ("table", ">$TO/out 2>&1", 1),
        ("table", ">$TO/out 2>$TO/err", 2),
        ("table", "--output $TO/out 2>$TO/err", 2),
        ("markdown", ">$TO/out 2>&1", 2),
    ],
)
def test_file_of_both_streams_has_a_problem_once(
    bare: Project, tmp_path: Path, form: str, redirection: str, number: int
) -> None:
    line = f"{' '.join(ENTRY_POINT)} report --format {form} --stack typo {redirection}"
    environ = bare.environ | {"TO": str(tmp_path)}
    done = subprocess.run(["sh", "-c", line], cwd=bare.folder, env=environ, check=False)
    printed = "".join(path.read_text() for path in sorted(tmp_path.iterdir()))
    assert (done.returncode, printed.count("no stack or stack file has this name")) == (1, number)


@pytest.mark.case
def test_a_reader_that_stops_early_gets_no_traceback(bare: Project) -> None:
    line = f"{' '.join(ENTRY_POINT)} report | head -n 1 >/dev/null"
    done = subprocess.run(
        ["sh", "-c", line], cwd=bare.folder, env=bare.environ, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


@pytest.mark.case
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("form", FORMATS)
def test_full_disk_is_one_line_and_exits_1(bare: Project, form: str) -> None:
    line = f"{' '.join(ENTRY_POINT)} report --format {form}"
    for where, named in ((">/dev/full", "standard output"), ("--output /dev/full", "/dev/full")):
        done = subprocess.run(
            ["sh", "-c", f"{line} {where}"],
            cwd=bare.folder,
            env=bare.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        message = f"rootfi-pulumi report: {named}: No space left on device\n"
        assert (done.returncode, done.stderr) == (1, message)


def test_forced_colours_reach_neither_a_file_nor_the_spinner(bare: Project, tmp_path: Path) -> None:
    written = tmp_path / "report"
    ended = rootfi_pulumi(bare, "report", "--wide", "--output", str(written), FORCE_COLOR="1")
    assert (ended.output, ended.errors) == ("", "")
    assert ("● enabled" in written.read_text(), "\x1b" in written.read_text()) == (True, False)


@pytest.mark.case
def test_sigterm_ends_it_and_leaves_no_process(stacks: Project, emulator: Emulator) -> None:
    emulator.inject(Fault(operation="read", hold=True, times=None))
    line = [*ENTRY_POINT, "report", "--refresh"]
    with started(line, cwd=stacks.folder, env=stacks.environ) as process:
        emulator.wait_until_held()
        children = psutil.Process(process.pid).children()
        plugins = [each for child in children for each in child.children(recursive=True)]
        process.send_signal(signal.SIGTERM)
        printed, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, printed, errors) == (143, "", "")
    assert children
    assert [each for each in children if each.is_running()] == []
    # Plugins end with the engine, after their request.
    emulator.clear_faults()
    emulator.release()
    assert psutil.wait_procs(plugins, timeout=PATIENCE)[1] == []


@pytest.mark.case
def test_an_interrupt_ends_it_without_a_traceback(stacks: Project, emulator: Emulator) -> None:
    emulator.inject(Fault(operation="read", hold=True, times=None))
    line = [*ENTRY_POINT, "report", "--refresh"]
    with started(line, cwd=stacks.folder, env=stacks.environ, start_new_session=True) as process:
        emulator.wait_until_held()
        os.killpg(process.pid, signal.SIGINT)
        emulator.clear_faults()
        emulator.release()
        printed, errors = process.communicate(timeout=PATIENCE)
    assert (process.returncode, printed, errors) == (130, "", "")
