"""Which stacks of a run take their API key from the same environment variable, by their files."""

from pathlib import Path

import pytest

from rootfi_pulumi.cli.deployment.shared_key import describe_shared_key, find_shared_keys

DECLARES = "config: {rootfi:integrations: {wave: {integration_type: WAVE, client_id: a}}}"
STACKS = ("dev", "staging", "prod")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """The files of a project whose three stacks declare an integration, and no key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROOTFI_API_KEY", "key")
    files = {name: tmp_path / f"Pulumi.{name}.yaml" for name in STACKS}
    for path in files.values():
        path.write_text(DECLARES)
    files["project"] = tmp_path / "Pulumi.yaml"
    files["project"].write_text("name: own\nruntime: python\n")
    files["program"] = tmp_path / "__main__.py"
    return files


@pytest.mark.usefixtures("write")
def test_stacks_share_the_key_of_the_variable() -> None:
    assert find_shared_keys(STACKS) == {"staging": "dev", "prod": "dev"}


def test_program_with_the_stacks_provider_shares_the_key(write: dict[str, Path]) -> None:
    write["prod"].write_text("config: {}")
    write["program"].write_text("RootFiIntegration(")
    assert find_shared_keys(("dev", "prod")) == {"prod": "dev"}


@pytest.mark.parametrize(
    "prod",
    [
        "config: {rootfi:apiKey: {secure: AAABAA}, rootfi:integrations: {a: {}}}",
        "config: {rootfi:integrations: {}}",
        "config: {rootfi:baseUrl: https://eu.example, rootfi:integrations: {a: {}}}",
        f"environment: [own]\n{DECLARES}",
        "config: [",
    ],
    ids=["own key", "declares nothing", "other address", "environment of Pulumi ESC", "unreadable"],
)
def test_stack_shares_no_key_if_its_file_shows_so(prod: str, write: dict[str, Path]) -> None:
    write["prod"].write_text(prod)
    assert find_shared_keys(("dev", "prod")) == {}


def test_program_with_own_providers_shares_no_key(write: dict[str, Path]) -> None:
    write["prod"].write_text("config: {}")
    write["program"].write_text('RootFiProvider("own", api_key=key)')
    assert find_shared_keys(("dev", "prod")) == {}


def test_stacks_with_the_key_of_the_project_take_no_variable(write: dict[str, Path]) -> None:
    write["project"].write_text("name: own\nruntime: python\nconfig: {rootfi:apiKey: key}\n")
    assert find_shared_keys(STACKS) == {}


@pytest.mark.usefixtures("write")
def test_stacks_share_no_key_without_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ROOTFI_API_KEY")
    assert find_shared_keys(STACKS) == {}


def test_stacks_without_a_project_share_no_known_key(
    write: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    write["project"].unlink()
    assert find_shared_keys(STACKS) == {}


def test_warning_names_the_command_that_gives_a_stack_its_key() -> None:
    title, text = describe_shared_key("prod", "dev")
    assert title == "prod uses the API key of dev"
    assert "`pulumi config set --secret rootfi:apiKey --stack prod`" in text
