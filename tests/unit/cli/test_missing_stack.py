"""What a user does about a stack that the backend does not have, by the stack's file and what sets the backend."""

from pathlib import Path

import pytest

from rootfi_pulumi.cli.missing_stack import advise_other_backend, backend_setting, has_deployed_stack
from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError

SET = "backend:\n  url: s3://team?region=eu\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    (tmp_path / "Pulumi.dev.yaml").write_text("encryptionsalt: v1:abc\n")
    return tmp_path


def project(folder: Path, more: str = "") -> Project:
    (folder / "Pulumi.yaml").write_text(f"name: x\nruntime: python\n{more}")
    return Project.find(folder)


def log_in(monkeypatch: pytest.MonkeyPatch, printed: str) -> None:
    def run(*_args: str, folder: Path | None = None) -> str:
        if not printed:
            raise PulumiError("pulumi whoami: no login")
        return printed

    monkeypatch.setattr(pulumi_cli, "run", run)


def test_deployed_stack_is_sought_in_another_backend(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in(monkeypatch, '{"url": "file://~"}')
    assert advise_other_backend(project(folder), "acme/x/dev") == (
        "acme/x/dev was probably deployed with another backend than this one (file://~), since "
        "Pulumi.dev.yaml has encryptionsalt. Select that one: `pulumi login <its URL>`; only if acme/x/dev was "
        "never deployed, create it with `pulumi stack init acme/x/dev`"
    )


def test_unknown_login_is_not_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in(monkeypatch, "")
    assert "another backend than this one, since" in advise_other_backend(project(folder), "dev")


def test_setting_is_corrected_rather_than_the_login(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = project(folder, SET)
    advice = advise_other_backend(found, "dev")
    assert "(s3://team), since" in advice
    assert "Select that one: correct backend.url in Pulumi.yaml:4; only" in advice
    monkeypatch.setenv("PULUMI_BACKEND_URL", "postgres://me:hidden@host:5432/db?password=hidden")
    advice = advise_other_backend(found, "dev")
    assert "(postgres://host:5432/db), since" in advice
    assert "Select that one: correct PULUMI_BACKEND_URL; only" in advice
    assert "pulumi login" not in advice


@pytest.mark.parametrize("key", ["encryptionsalt", "encryptedkey", "secretsprovider"])
def test_each_key_of_encryption_shows_a_stack(folder: Path, key: str) -> None:
    (folder / "Pulumi.dev.yaml").write_text(f"{key}: abc\nconfig: {{}}\n")
    found = project(folder, SET)
    assert f"Pulumi.dev.yaml has {key}." in advise_other_backend(found, "dev")
    assert has_deployed_stack(found)


@pytest.mark.parametrize("text", ["", "config: {}\n", "encryptionsalt:\n", "config: [\n", "- a\n"])
def test_other_files_show_no_stack(folder: Path, text: str) -> None:
    (folder / "Pulumi.dev.yaml").write_text(text)
    found = project(folder, SET)
    assert (advise_other_backend(found, "dev"), has_deployed_stack(found)) == ("", False)
    assert advise_other_backend(found, "absent") == ""


def test_login_is_no_setting(folder: Path) -> None:
    assert backend_setting(project(folder)) == ""
    assert backend_setting(project(folder, "backend: file\n")) == ""
    assert backend_setting(None) == ""
