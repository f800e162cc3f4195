"""`rootfi-pulumi init` as a process: prompts, options, files in the way, exit codes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
import typer
import yaml

from rootfi_pulumi.cli.doctor.interpreters import Toolchain
from rootfi_pulumi.cli.init import command, requirement
from rootfi_pulumi.cli.init.answers import Forge
from rootfi_pulumi.cli.init.requirement import Requirement
from tests.support.limited_files import limit_files
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY
from tests.support.systems import POSIX

INIT = ("-m", "rootfi_pulumi.cli", "init")
PACKAGE = "--package=rootfi-pulumi[cli,emulator]==9.9"


@pytest.fixture(autouse=True)
def pulumi(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a pulumi on PATH: init looks whether it is there, and does not run it."""
    stub = tmp_path_factory.mktemp("bin") / "pulumi"
    stub.touch(0o755)
    monkeypatch.setenv("PATH", f"{stub.parent}{os.pathsep}{os.environ['PATH']}")


def init(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *INIT, PACKAGE, *args],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def on_terminal(folder: Path, *args: str) -> "pexpect.spawn[str]":
    return pexpect.spawn(
        sys.executable,
        [*INIT, PACKAGE, *args],
        cwd=str(folder),
        env=os.environ | {"TERM": "dumb", "PYTHONPATH": str(REPOSITORY)},
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(50, 200),
    )


def ended(terminal: "pexpect.spawn[str]") -> int | None:
    terminal.expect(pexpect.EOF)
    terminal.close()
    return terminal.exitstatus


def project(folder: Path) -> dict[str, object]:
    return dict(yaml.safe_load((folder / "Pulumi.yaml").read_text()))


def test_defaults_are_written_and_listed(tmp_path: Path) -> None:
    done = init(tmp_path, "my-app", "--toolchain", "pip")
    assert (done.returncode, done.stderr) == (0, "")
    first, *lines, following, last = done.stdout.splitlines()
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert {line.strip() for line in lines} == files
    assert (first, following[:9], last) == ("wrote 9 files:", "README.md", "cd my-app && pulumi install")
    assert project(tmp_path / "my-app")["name"] == "my-app"


@POSIX
def test_prompts_are_answered_one_by_one(tmp_path: Path) -> None:
    terminal = on_terminal(tmp_path)
    answers = {
        "Project name": ["two words", "on"],
        "Stacks": ["dev, prod"],
        "backend": ["bucket", "s3://bucket"],
        "Pipeline": ["jenkins", "gitlab"],
        "Toolchain": ["poetry"],
    }
    for question, given in answers.items():
        for index, text in enumerate(given):
            terminal.expect(question if not index else f"Error: [^\n]+\n[^\n]*{question}")
            terminal.sendline(text)
    assert ended(terminal) == 0
    assert project(tmp_path)["name"] == "on"
    assert project(tmp_path)["backend"] == {"url": "s3://bucket"}
    names = {"poetry.toml", ".gitlab-ci.yml", "stacks/Pulumi.dev.yaml", "stacks/Pulumi.prod.yaml"}
    assert all((tmp_path / name).is_file() for name in names)


@POSIX
def test_return_accepts_each_default(tmp_path: Path) -> None:
    terminal = on_terminal(tmp_path, "--toolchain=pip")
    for question in (rf"\[{tmp_path.name}\]", r"\[dev\]", "backend", r"none\) \[github\]"):
        terminal.expect(question)
        terminal.sendline("")
    assert ended(terminal) == 0
    assert project(tmp_path)["name"] == tmp_path.name


@POSIX
def test_choices_and_backend_are_explained_once(tmp_path: Path) -> None:
    terminal = on_terminal(tmp_path, "--name=a", "--stack=dev")
    for question in (
        "URL of the backend (empty: your `pulumi login` here, Pulumi Cloud in the pipeline): ",
        "Pipeline (github, gitlab, none) [github]: ",
        f"Toolchain ({', '.join(Toolchain)}) [",
    ):
        terminal.expect_exact(question)
        terminal.sendline("")
    assert ended(terminal) == 0


@POSIX
def test_files_in_the_way_end_it_before_the_questions(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("theirs")
    terminal = on_terminal(tmp_path)
    terminal.expect("README.md exists")
    assert "Project name" not in str(terminal.before)
    assert ended(terminal) == 1


@POSIX
def test_yes_asks_nothing_on_a_terminal(tmp_path: Path) -> None:
    assert ended(on_terminal(tmp_path, "--yes")) == 0
    assert (tmp_path / "Pulumi.yaml").is_file()


@POSIX
def test_interrupt_at_a_prompt_writes_nothing(tmp_path: Path) -> None:
    terminal = on_terminal(tmp_path, "new")
    terminal.expect("Project name")
    terminal.sendline("")
    terminal.expect("Stacks")
    terminal.sendintr()
    assert ended(terminal) == 130
    assert list(tmp_path.iterdir()) == []


def test_files_in_the_way_are_named_and_nothing_is_written(tmp_path: Path) -> None:
    for name in ("README.md", ".gitignore", "Pulumi.yml", "main.tf"):
        (tmp_path / name).write_text("theirs")
    done = init(tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    *named, last = (line.removeprefix("rootfi-pulumi init: ") for line in done.stderr.splitlines())
    assert named == [".gitignore exists", "Pulumi.yml exists", "README.md exists"]
    assert last.startswith("nothing was written: ")
    assert len(list(tmp_path.iterdir())) == 4


def test_git_repository_and_other_files_are_fine(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "main.tf").write_text("theirs")
    assert init(tmp_path).returncode == 0
    assert (tmp_path / ".github" / "workflows" / "rootfi.yml").is_file()


def test_project_in_a_repository_has_its_pipeline_at_the_root(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".pre-commit-config.yaml").write_text("repos: []\n")
    done = init(tmp_path, "infra")
    assert done.returncode == 0
    assert done.stderr == (
        "rootfi-pulumi init: .pre-commit-config.yaml exists: "
        "add a hook that runs infra/.venv/bin/rootfi-pulumi check\n"
    )
    workflow = (tmp_path / ".github" / "workflows" / "rootfi.yml").read_text()
    assert "working-directory: infra\n" in workflow
    assert (tmp_path / ".pre-commit-config.yaml").read_text() == "repos: []\n"


def test_second_project_of_a_repository_needs_its_own_pipeline(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert init(tmp_path, "one").returncode == 0
    done = init(tmp_path, "two")
    assert done.returncode == 1
    assert "--forge none, then write the pipeline to another --file" in done.stderr
    assert not (tmp_path / "two").exists()
    assert init(tmp_path, "two", "--forge", "none").returncode == 0


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (["--name", "a b"], "project name 'a b': must have"),
        (["--name", ""], "project name '': must have"),
        (["--stack", "a/b"], "stack name 'a/b': must have"),
        (["--stack=-x", "--forge=none"], "stack name '-x': must begin with"),
        (["--backend", "bucket"], "backend 'bucket': must be a URL"),
        (["--package", "requests"], "package 'requests': must be a requirement"),
        (["--forge", "jenkins"], "--forge"),
    ],
)
def test_unusable_option_is_a_usage_error(args: list[str], why: str, tmp_path: Path) -> None:
    done = init(tmp_path, *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = init(tmp_path, "file/new")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") <= 2
    assert "nothing was written" in done.stderr


@POSIX
@pytest.mark.parametrize("folder", ["x" * 300, "file/new", "loop", "loop/new"])
def test_unusable_folder_ends_it_before_the_questions(folder: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    terminal = on_terminal(tmp_path, folder)
    terminal.expect(pexpect.EOF)
    shown = str(terminal.before).splitlines()
    assert [line.partition(": ")[2][:22] for line in shown] == [
        "cannot use the folder ",
        "nothing was written: c",
    ]
    assert ended(terminal) == 1


@POSIX
@pytest.mark.parametrize("forge", [Forge.NONE, Forge.GITHUB])
def test_full_disk_is_one_line_and_nothing_is_left(
    forge: Forge, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with limit_files(1000), pytest.raises(typer.Exit) as raised:
        command.init(tmp_path / "new", forge=forge, package="rootfi-pulumi[cli]==9.9", yes=True)
    [line] = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"rootfi-pulumi init: /\S+: File too large: nothing was written", line)
    assert (raised.value.exit_code, list(tmp_path.iterdir())) == (1, [])


@POSIX
@pytest.mark.parametrize(("folder", "code"), [(".", 1), ("../new", 1), ("{}/new", 0)])
def test_deleted_current_folder_causes_no_traceback(folder: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    done = subprocess.run(
        [
            "sh",
            "-c",
            'rmdir "$PWD" && exec "$@"',
            "",
            sys.executable,
            *INIT,
            PACKAGE,
            folder.format(tmp_path),
        ],
        cwd=tmp_path / "gone",
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)


def test_missing_toolchain_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    done = init(tmp_path, "--toolchain", "poetry")
    assert "PATH has no poetry: install it, as README.md says" in done.stdout
    assert "PATH has no pulumi: install it from https://www.pulumi.com/docs/" in done.stdout


def test_warning_about_the_package_comes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = Requirement(
        "rootfi-pulumi[cli] @ git+file:///x@1", "only this machine can install from file:///x"
    )
    monkeypatch.setattr(requirement, "find_requirement", lambda: found)
    command.init(tmp_path, yes=True)
    *_, warning, _, example = capsys.readouterr().err.splitlines()
    assert warning == f"rootfi-pulumi init: warning: {found.note}."
    assert example.startswith("  --package 'rootfi-pulumi[cli,emulator]")
