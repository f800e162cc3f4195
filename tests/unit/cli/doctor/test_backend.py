"""What doctor says about a failed login, by what sets the backend."""

from pathlib import Path

import pytest

from rootfi_pulumi.cli.doctor.backend import check_login, find_stack
from rootfi_pulumi.cli.doctor.finding import Finding
from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def run(*_args: str, folder: Path | None = None) -> str:
        raise PulumiError("pulumi whoami: no access")

    monkeypatch.setattr(pulumi_cli, "run", run)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    return tmp_path


def checked(folder: Path, more: str = "") -> Finding:
    (folder / "Pulumi.yaml").write_text(f"name: x\nruntime: python\n{more}")
    return check_login(Project.find(folder))


def test_login_is_offered_if_nothing_overrides_it(folder: Path) -> None:
    assert checked(folder).command == "pulumi login file://~"
    assert check_login(None).command == "pulumi login file://~"


def test_no_local_state_is_offered_for_deployed_stacks(folder: Path) -> None:
    (folder / "Pulumi.dev.yaml").write_text("encryptionsalt: v1:abc\n")
    found = checked(folder)
    assert (found.remedy, found.command) == (
        "log in to the backend that the stacks were deployed with: `pulumi login <its URL>`",
        "",
    )


def test_setting_that_overrides_a_login_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = checked(folder, "backend:\n  url: s3://team\n")
    expected = "correct backend.url in Pulumi.yaml:4, or set the credentials that its backend needs"
    assert (found.remedy, found.command) == (expected, "")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://mine")
    assert check_login(None).remedy.startswith("correct PULUMI_BACKEND_URL, or set")


@pytest.fixture
def unselected(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project of which no stack is selected, where PULUMI_STACK is zzz."""

    def run(*args: str, folder: Path | None, stdin: str) -> str:
        if args[:2] == ("stack", "ls"):
            return '[{"name": "prod"}]'
        raise PulumiError("pulumi stack: no stack selected; please use `pulumi stack select`")

    monkeypatch.setattr(pulumi_cli, "run", run)
    monkeypatch.setenv("PULUMI_STACK", "zzz")
    (folder / "Pulumi.yaml").write_text("name: x\nruntime: python\n")
    return Project.find(folder)


def test_variable_that_selects_no_stack_is_to_be_unset(unselected: Project) -> None:
    found, _ = find_stack(unselected, None)
    assert found.message.startswith("the backend has no stack zzz, which PULUMI_STACK selects")
    assert (found.remedy, found.command) == (
        "correct PULUMI_STACK, or unset it to check the selected stack",
        "unset PULUMI_STACK",
    )


def test_deployed_stack_of_the_variable_has_another_backend(unselected: Project) -> None:
    unselected.stack_file("zzz").write_text("encryptionsalt: v1:abc\n")
    found, _ = find_stack(unselected, None)
    assert ("with another backend" in found.remedy, found.command) == (True, "")


def test_option_overrides_the_variable_that_selects_a_stack(unselected: Project) -> None:
    assert find_stack(unselected, "new")[0].command == "pulumi stack init new"


def test_selected_stack_is_one_of_the_backend(unselected: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_STACK")
    assert find_stack(unselected, None)[0].command == "pulumi stack select prod"
