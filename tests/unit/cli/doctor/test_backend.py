"""What doctor says about a failed login, by what sets the backend."""

from pathlib import Path

import pytest

from rootfi_pulumi.cli.doctor.backend import check_login
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
