"""`rootfi-pulumi pipeline` as a process: what it prints and writes, and when --check fails."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from rootfi_pulumi.cli.pipeline import render
from tests.support.distribution.own_repository import write_repository
from tests.support.limited_files import run_limited
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY
from tests.support.systems import POSIX

WORKFLOW = ".github/workflows/rootfi.yml"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    for name in ("PULUMI_BACKEND_URL", "PULUMI_CREDENTIALS_PATH"):
        monkeypatch.delenv(name, raising=False)
    # No login.
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "pulumi-home"))
    return write_repository(tmp_path, stacks=["dev", "prod"])


def run(root: Path, *args: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "rootfi_pulumi.cli", "pipeline", *args]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=PATIENCE)
    return done.returncode, done.stdout, done.stderr


def test_pipeline_is_printed_and_nothing_written(root: Path) -> None:
    code, out, _ = run(root, "github")
    assert (code, out) == (0, render("github", root))
    assert not (root / WORKFLOW).exists()


def test_pipeline_without_a_login_says_which_backend_it_is_for(root: Path) -> None:
    _, _, err = run(root, "github")
    assert (
        err == "rootfi-pulumi pipeline: no `pulumi login` found, so it is for Pulumi Cloud: see --backend\n"
    )
    assert run(root, "github", "--backend", "cloud")[2] == ""


def test_write_names_the_file_and_what_to_set(root: Path) -> None:
    code, out, err = run(root, "github", "--write", "--backend", "s3://bucket")
    assert (code, out) == (0, "")
    assert err.startswith(f"wrote {WORKFLOW}\nset in the environments dev and dev-preview:\n")
    assert "  variables: PULUMI_BACKEND_URL\n  secrets: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, " in err
    assert err.endswith(
        "\ngive the environment prod reviewers, and restrict dev and prod to main: GitHub creates environments "
        "without rules\n"
    )


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (
            ["gitlab"],
            "protect the environment prod, and protect the variables of dev and prod, so that only ",
        ),
        (
            ["github", "--stack", "dev", "--branch", "trunk"],
            "restrict dev to trunk: ",
        ),
        (
            ["github", "--stack", "prod", "--stack", "dev"],
            "give the environments prod and dev reviewers, and restrict prod and dev to main: ",
        ),
    ],
    ids=["gitlab", "one", "production-first"],
)
def test_write_ends_with_what_to_protect(args: list[str], expected: str, root: Path) -> None:
    assert run(root, *args, "--write")[2].splitlines()[-1].startswith(expected)


def test_write_says_where_a_schedule_of_another_branch_starts(root: Path) -> None:
    line = "commit the file to the default branch too: GitHub starts a schedule only from there"
    assert line in run(root, "github", "--write", "--branch", "release")[2].splitlines()
    assert line not in run(root, "github", "--write")[2]


@pytest.mark.parametrize(("forge", "file"), [("github", ".github/workflows/eu.yml"), ("gitlab", "eu.yml")])
def test_write_says_that_pipelines_share_environments(forge: str, file: str, root: Path) -> None:
    line = (
        "pipelines of a repository share environments of the same name, with their secrets: rename a stack that "
        "another project has too"
    )
    assert line in run(root, forge, "--write", "--file", file)[2].splitlines()
    assert line not in run(root, forge, "--write")[2]


@pytest.mark.parametrize("declared", [{"secure": "v1:a"}, {"xero": {"secure": "v1:a"}}])
def test_write_mentions_what_an_encrypted_declaration_hides(declared: dict[str, Any], root: Path) -> None:
    path = root / "stacks" / "Pulumi.dev.yaml"
    path.write_text(yaml.safe_dump({"config": {"rootfi:integrations": declared}}))
    _, _, err = run(root, "github", "--write")
    assert err.count("its declaration is encrypted: name each `from_env` in it with --secret") == 1


@pytest.mark.parametrize(
    ("forge", "options"),
    [
        ("github", []),
        ("github", ["--stack", "prod", "--setup", "make 'x y'", "--python", "3.12", "--secret", "X"]),
        ("gitlab", ["--branch", "trunk", "--backend", "gs"]),
        ("github", ["--setup", "rootfi-pulumi pipeline github --write"]),
    ],
)
def test_check_knows_the_options_of_the_file(forge: str, options: list[str], root: Path) -> None:
    assert run(root, forge, "--write", *options)[0] == 0
    code, out, err = run(root, forge, "--check")
    assert (code, err) == (0, "")
    assert out.endswith(" is up to date\n")


def test_check_shows_what_a_changed_stack_file_changes(root: Path) -> None:
    run(root, "github", "--write", "--python", "3.12")
    path = root / "stacks" / "Pulumi.dev.yaml"
    path.write_text(path.read_text().replace("XERO_SECRET", "RENAMED_SECRET"))
    code, out, err = run(root, "github", "--check")
    assert code == 1
    assert "-          XERO_SECRET: ${{ secrets.XERO_SECRET }}\n" in out
    assert "+          RENAMED_SECRET: ${{ secrets.RENAMED_SECRET }}\n" in out
    assert err == (
        f"rootfi-pulumi pipeline: {WORKFLOW} is stale: the project's files have changed. Run\n"
        ".venv/bin/rootfi-pulumi pipeline github --write --python 3.12\n"
    )
    assert run(root, "github", "--write", "--python", "3.12")[0] == 0
    assert run(root, "github", "--check")[0] == 0


def test_check_finds_an_edit_by_hand(root: Path) -> None:
    run(root, "github", "--write")
    path = root / WORKFLOW
    path.write_text(path.read_text().replace("persist-credentials: false", "persist-credentials: true", 1))
    assert run(root, "github", "--check")[0] == 1


def test_update_of_an_action_is_not_stale(root: Path) -> None:
    run(root, "github", "--write")
    path = root / WORKFLOW
    path.write_text(
        path.read_text().replace("08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0", f"{'a' * 40} # v6.1.0")
    )
    assert run(root, "github", "--check")[0] == 0
    assert run(root, "github", "--write")[0] == 0
    assert "# v6.1.0" in path.read_text()


def test_file_of_another_path_is_checked_there(root: Path) -> None:
    run(root, "github", "--write", "--file", ".github/workflows/eu.yml")
    assert run(root, "github", "--check", "--file", ".github/workflows/eu.yml")[0] == 0
    assert (
        "pipeline github --check --file .github/workflows/eu.yml"
        in (root / ".github/workflows/eu.yml").read_text()
    )


def test_backend_of_this_machine_is_recorded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "postgres://user:pass@host/db")
    _, out, _ = run(root, "github")
    assert "pipeline github --write --backend postgres\n" in out
    assert ("PGPASSWORD: " in out, "pass@host" in out) == (True, False)


def test_login_of_this_machine_is_recorded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path(os.environ["PULUMI_HOME"])
    home.mkdir()
    (home / "credentials.json").write_text('{"current": "s3://acme-states?region=eu-west-1"}')
    assert run(root, "github", "--write")[0] == 0
    written = (root / WORKFLOW).read_text()
    assert "pipeline github --write --backend s3\n" in written
    assert ("AWS_ACCESS_KEY_ID: " in written, "acme-states" in written) == (True, False)
    monkeypatch.setenv("PULUMI_HOME", str(root))
    assert run(root, "github", "--check") == (0, f"{WORKFLOW} is up to date\n", "")


def test_render_is_the_same_whatever_the_login(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = render("github", root)
    (root / "credentials.json").write_text('{"current": "file://~"}')
    monkeypatch.setenv("PULUMI_HOME", str(root))
    assert render("github", root) == before


def test_each_way_to_run_warns_and_exits_as_before(root: Path) -> None:
    warning = "rootfi-pulumi pipeline: warning: the backend is a folder of this machine"
    for args in (["--backend", "file"], ["--backend", "file", "--write"], ["--check"]):
        code, out, err = run(root, "github", *args)
        assert (code, err.count(warning), warning in out) == (0, 1, False)


def test_salt_of_a_new_stack_is_why_the_file_is_stale(root: Path) -> None:
    run(root, "github", "--write")
    with (root / "stacks" / "Pulumi.dev.yaml").open("a") as file:
        file.write("encryptionsalt: v1:c2FsdA==:v1:bm9uY2U=\n")
    code, out, err = run(root, "github", "--check")
    assert (code, "+          PULUMI_CONFIG_PASSPHRASE: " in out) == (1, True)
    assert err == (
        f"rootfi-pulumi pipeline: {WORKFLOW} is stale: stacks/Pulumi.dev.yaml has a passphrase's salt now, "
        "from `pulumi stack init`. Run\n.venv/bin/rootfi-pulumi pipeline github --write\n"
    )


@POSIX
def test_full_disk_leaves_the_committed_file(root: Path) -> None:
    run(root, "github", "--write")
    before = (root / WORKFLOW).read_text()
    # A limit of a block for each file fails like a full disk: after a part is written.
    command = f"{sys.executable} -m rootfi_pulumi.cli pipeline github --write --python 3.12"
    done = run_limited(1, command, root)
    assert (done.returncode, done.stderr) == (
        2,
        f"rootfi-pulumi pipeline: {WORKFLOW}: cannot be written: File too large\n",
    )
    assert [each.name for each in (root / WORKFLOW).parent.iterdir()] == ["rootfi.yml"]
    assert (root / WORKFLOW).read_text() == before


def test_file_of_other_origin_is_never_overwritten(root: Path) -> None:
    (root / ".gitlab-ci.yml").write_text("test: {script: make}\n")
    for option in ("--write", "--check"):
        code, _, err = run(root, "gitlab", option)
        assert code == 2
        assert err == (
            "rootfi-pulumi pipeline: .gitlab-ci.yml was not written by `rootfi-pulumi pipeline`: move it away, "
            "or choose another file with --file\n"
        )
    assert (root / ".gitlab-ci.yml").read_text() == "test: {script: make}\n"


@pytest.mark.parametrize(
    ("args", "problem"),
    [
        (
            ["github", "--check"],
            f"{WORKFLOW} does not exist: write it with `rootfi-pulumi pipeline github --write`",
        ),
        (
            ["github", "--stack", "qa"],
            "Pulumi.qa.yaml: No such file or directory: is the stack's name correct?",
        ),
        (["github", "--stack", "$x"], "--stack '$x': must be the name of a stack"),
        (["github", "--check", "--branch", "x"], "--check: takes its options from the file"),
        (["jenkins"], "'jenkins' is not one of 'github', 'gitlab'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistake_is_one_line_and_exits_2(args: list[str], problem: str, root: Path) -> None:
    code, out, err = run(root, *args)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert problem in err


def test_help_names_the_forge_like_other_arguments(root: Path) -> None:
    _, out, _ = run(root, "--help")
    assert out.startswith("Usage: rootfi-pulumi pipeline [OPTIONS] FORGE\n")
    assert "--write            Write the file instead of printing it; the usual way." in out
    assert len(out.split("\n")[2].strip()) <= 64


def test_folder_without_a_project_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    code, _, err = run(tmp_path, "github")
    assert (code, "no Pulumi.yaml here or above" in err) == (2, True)
