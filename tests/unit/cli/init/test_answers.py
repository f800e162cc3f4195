"""The answers of `init`: what is accepted, and the defaults."""

import pytest
import typer

from rootfi_pulumi.cli.doctor.interpreters import Toolchain
from rootfi_pulumi.cli.init.answers import (
    checked_backend,
    checked_package,
    checked_project,
    checked_stacks,
    default_toolchain,
)


def test_project_and_stacks_are_stripped() -> None:
    assert checked_project(" a ") == "a"
    assert checked_stacks([" dev", "prod ", "dev"]) == ("dev", "prod")


@pytest.mark.parametrize("stacks", [[""], ["dev", ""], ["a b"], ["../x"], ["dev", "Dev"], ["dev", "-x"]])
def test_stacks_that_cannot_be_files_are_rejected(stacks: list[str]) -> None:
    with pytest.raises(typer.BadParameter):
        checked_stacks(stacks)


@pytest.mark.parametrize("url", ["", "file://~", "s3://bucket?region=eu", "https://api.pulumi.com"])
def test_backend_is_a_url_or_empty(url: str) -> None:
    assert checked_backend(f" {url} ") == url


@pytest.mark.parametrize("url", ["bucket", "s3://", "s3://a b", "s3:bucket", "s3://[a"])
def test_backend_that_is_no_url_is_rejected(url: str) -> None:
    with pytest.raises(typer.BadParameter, match="must be a URL"):
        checked_backend(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgres://user:hunter2@host/db",
        "postgres://host/db?password=hunter2",
        "postgres://host/db?sslmode=require&sslpassword=hunter2",
        "postgres://user:hunter2@[host/db",
        "https://hunter2@host",
    ],
)
def test_backend_with_a_password_is_rejected(url: str) -> None:
    with pytest.raises(typer.BadParameter, match="PULUMI_BACKEND_URL") as raised:
        checked_backend(url)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("url", ["user:hunter2@host/db", "host/db?password=hunter2", "a://u:hunter2 @host"])
def test_backend_that_is_no_url_is_not_shown_if_secret(url: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"^backend: must be a URL") as raised:
        checked_backend(url)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize(
    "requirement",
    [
        "rootfi-pulumi[cli] @ https://user:hunter2@host/x.whl",
        "rootfi-pulumi[cli] @ git+https://hunter2@host/x@v1",
        "rootfi-pulumi[cli] @ https://host/x.whl?private_token=hunter2",
        "rootfi-pulumi[cli]==1 --index-url https://user:hunter2@host/simple",
        "rootfi-pulumi @ https://${USER}:hunter2@host/x.whl",
        "https://user:hunter2@[host/x.whl",
    ],
)
def test_package_with_a_credential_is_rejected_unshown(requirement: str) -> None:
    with pytest.raises(typer.BadParameter, match="has a password or token") as raised:
        checked_package(requirement)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("requirement", ["user:hunter2@host", "rootfi-pulumi @ user:hunter2@host:x"])
def test_unusable_package_is_not_shown_if_secret(requirement: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"^package: ") as raised:
        checked_package(requirement)
    assert "hunter2" not in str(raised.value)


@pytest.mark.parametrize("login", ["${TOKEN}", "user:${TOKEN}"])
def test_package_may_name_variables_of_a_login(login: str) -> None:
    requirement = f"rootfi-pulumi[cli] @ https://{login}@host/x.whl"
    assert checked_package(requirement) == requirement


@pytest.mark.parametrize(
    "requirement",
    ["rootfi-pulumi[cli,emulator]==1.2", "RootFi_Pulumi[emulator, cli] @ git+https://host/x@v1"],
)
def test_requirement_with_the_command_is_accepted(requirement: str) -> None:
    assert checked_package(f"{requirement} ") == requirement


@pytest.mark.parametrize(
    "requirement",
    ["", "other[cli]", "rootfi-pulumi-x[cli]", "rootfi-pulumi[cli]\nx"],
)
def test_requirement_of_something_else_is_rejected(requirement: str) -> None:
    with pytest.raises(typer.BadParameter, match="must be a requirement such as"):
        checked_package(requirement)


@pytest.mark.parametrize("requirement", ["rootfi-pulumi==0.1.0", "rootfi-pulumi", "rootfi-pulumi[emulator]"])
def test_requirement_without_the_command_says_the_extra(requirement: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"add \[cli,emulator\]"):
        checked_package(requirement)


@pytest.mark.parametrize(("found", "toolchain"), [("/bin/uv", Toolchain.UV), (None, Toolchain.PIP)])
def test_default_toolchain_is_uv_if_path_has_it(
    found: str | None, toolchain: Toolchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: found if name == "uv" else None)
    assert default_toolchain() is toolchain
