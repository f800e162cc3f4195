"""Each file of the corpus has the findings that are expected of it, and Pulumi takes what has none."""

import json
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.cli.capture.document import StackDocument
from rootfi_pulumi.cli.capture.entries import CaptureError, build_entries
from rootfi_pulumi.declaration.settings import INTEGRATIONS
from rootfi_pulumi.declaration.stack_file import StackFile
from rootfi_pulumi.declaration.stack_mistakes import problems_in
from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.project.engine_yaml import UnreadableError
from tests.support.command.in_project import ENTRY_POINT, rootfi_pulumi
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import Project
from tests.support.stack_files.corpus import (
    CASES,
    CORPUS,
    PROJECTS,
    SECRET,
    Case,
    cases_of,
    with_stacks,
    without_stacks,
)

# Nothing in them is encrypted, and nothing names another address than the emulator's.
CAPTURED = [
    "passphrase/stacks/Pulumi.new.yaml",
    "passphrase/stacks/Pulumi.empty.yaml",
    "passphrase/stacks/Pulumi.none.yaml",
    "passphrase/stacks/Pulumi.json-text.yaml",
    "yaml/stacks/Pulumi.anchors.yaml",
    "yaml/stacks/Pulumi.bom.yaml",
    "yaml/stacks/Pulumi.foreign.yaml",
    "yaml/stacks/Pulumi.tabs.yaml",
    "json/Pulumi.names.json",
    "own-name/Pulumi.both-declared.yaml",
    "words/Pulumi.numbers.yaml",
    "names/Pulumi.EU-Prod_2.yaml",
    "own-config/Pulumi.prod.yaml",
    "own-config/Pulumi.dev.yaml",
]
# Only Pulumi says that the integrations come from another file.
ELSEWHERE = "own-config/Pulumi.dev.yaml"
# check refuses these, and Pulumi does not: docs/declare.md names them.
STRICTER = {"json/Pulumi.case.json", "yaml/stacks/Pulumi.utf16.yaml"}


def named(cases: list[Case]) -> list[object]:
    return [pytest.param(case, id=case.name) for case in cases]


def assert_begin(found: list[str], expected: list[str], what: str) -> None:
    assert len(found) == len(expected), f"{what}: {found}"
    for line, beginning in zip(found, expected, strict=True):
        assert line.startswith(beginning), f"{what}: {line}"


def test_corpus_is_complete() -> None:
    found = {path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("Pulumi.*.*")}
    assert found == {case.name for case in CASES}


def test_check_finds_what_is_expected() -> None:
    done = subprocess.run(
        [*ENTRY_POINT, "check", "--json", *(case.name for case in CASES)],
        cwd=CORPUS,
        env={"PYTHONPATH": str(CORPUS.parents[1])},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert SECRET not in done.stdout
    found = defaultdict(list)
    for each in json.loads(done.stdout):
        found[each["file"]].append(f"{each['line']}: {each['message']}")
    for case in CASES:
        assert_begin(found[case.name], case.check, case.name)


@pytest.mark.parametrize("case", named(CASES))
def test_reader_refuses_what_pulumi_refuses(case: Case) -> None:
    try:
        is_refused = bool(StackFile.read(case.path).repeated)
    except UnreadableError:
        is_refused = True
    assert is_refused == (case.pulumi == "refuses" or case.name in STRICTER)


@pytest.mark.case
@pytest.mark.parametrize("project", PROJECTS)
def test_pulumi_accepts_or_refuses_as_expected(project: str, tmp_path: Path, environ: dict[str, str]) -> None:
    stack = Project(without_stacks(project, tmp_path), environ)
    stack.new_stack()
    for case in cases_of(project):
        result = stack.attempt("config", "--json", "--stack", "dev", "--config-file", str(case.path))
        assert (result.code == 0) == (case.pulumi == "accepts"), f"{case.name}: {result.output}"
        if case.pulumi == "needs Pulumi Cloud":
            assert "Pulumi ESC environments require the Pulumi Cloud backend" in result.output
        if result.code == 0 and case.name not in STRICTER:
            # Before it there may be warnings.
            shown = result.output[result.output.index("{") :]
            assert keys(case) == set(json.loads(shown)), case.name


def keys(case: Case) -> set[str]:
    """Return the keys of the config that a stack with this file has."""
    of_all_stacks = case.project.settings.get("config")
    own = StackFile.read(case.path).members
    return {*own, *(of_all_stacks if isinstance(of_all_stacks, dict) else ())}


@pytest.mark.case
@pytest.mark.parametrize("project", PROJECTS)
def test_report_says_what_is_expected(project: str, tmp_path: Path, environ: dict[str, str]) -> None:
    stacks = Project(with_stacks(project, tmp_path), environ, [SECRET])
    cases = cases_of(project)
    failed = any("problem" in case.report for case in cases)
    ended = rootfi_pulumi(stacks, "report", "--format", "json", code=int(failed))
    shown = {each["stack"]: each for each in json.loads(ended.output)["stacks"]}
    assert shown.keys() == {case.stack for case in cases}
    for case in cases:
        report = dict(case.report)
        found = shown[case.stack]
        assert_begin(found["problems"], [report.pop("problem")] if "problem" in report else [], case.name)
        notes = [report.pop("note")] if "note" in report else []
        assert_begin(found["notes"], [*notes, "never deployed"], case.name)
        states = defaultdict(list)
        for name, each in found["integrations"].items():
            states[each["state"]].append(name)
        assert states == report, case.name


@pytest.mark.parametrize("case", named([case for case in CASES if case.name != ELSEWHERE]))
def test_capture_adds_or_refuses_as_expected(case: Case) -> None:
    before = case.path.read_bytes()
    try:
        added = captured(case)
    except CaptureError as error:
        assert case.capture is not None, str(error)
        assert_begin([shortened(case, str(error))], [case.capture], case.name)
        assert SECRET not in str(error)
    else:
        assert case.capture is None
        new = StackFile.parse(added, case.project.name, is_json=case.path.suffix == ".json").config
        assert new[INTEGRATIONS.key].pop("wafeq")["adopt"] == 1234
        assert new == {INTEGRATIONS.key: {}} | StackFile.read(case.path).config
    assert case.path.read_bytes() == before


def captured(case: Case) -> str:
    """Return the text that `capture` would write, made without Pulumi. Raises CaptureError."""
    integration = Integration(rootfi_id=1234, integration_type="WAFEQ", client_id="wafeq", client_secret=None)
    document = StackDocument.read(case.path, case.project.name)
    [entry] = build_entries([integration], document.declared)
    text = document.with_members({"config": {INTEGRATIONS.key: {entry.name: entry.declaration({})}}})
    problems = problems_in(text, case.project.name, is_json=case.path.suffix == ".json")
    if problems:
        raise CaptureError(*(f"{case.path}: {problem.message}" for problem in problems))
    return text


def shortened(case: Case, message: str) -> str:
    return message.replace(str(case.path), case.path.name)


@pytest.mark.case
@pytest.mark.parametrize("case", named([case for case in CASES if case.name in CAPTURED]))
def test_capture_command_does_as_expected(
    case: Case, tmp_path: Path, environ: dict[str, str], emulator: Emulator, api_key: str
) -> None:
    project = case.project.folder.relative_to(CORPUS).as_posix()
    stack = Project(without_stacks(project, tmp_path), environ, [SECRET], case.stack)
    stack.new_stack(case.stack)
    # The corpus's files replace the one that Pulumi has just written.
    folder = with_stacks(project, tmp_path)
    added = emulator.add_integration(api_key, integration_type="WAFEQ", client_id="wafeq", client_secret="x")
    ended = rootfi_pulumi(
        stack,
        *("capture", str(added.rootfi_id), "--stack", case.stack, "--dry-run", "--from-env"),
        code=0 if case.capture is None else 1,
        ROOTFI_BASE_URL=emulator.url,
        ROOTFI_API_KEY=api_key,
    )
    path = folder / case.path.relative_to(case.project.folder)
    assert path.read_bytes() == case.path.read_bytes()
    if case.capture is None:
        assert "client_secret: {from_env: WAFEQ_CLIENT_SECRET}" in ended.output
    else:
        said = ended.errors.removeprefix("rootfi-pulumi capture: ").replace(str(path), case.path.name)
        assert said.startswith(case.capture)
