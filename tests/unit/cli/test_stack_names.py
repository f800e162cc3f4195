"""Which stacks a command is given, and what it says to a text that is no name."""

from pathlib import Path

import pytest

from rootfi_pulumi.cli.stack_names import StackNameError, read_stack_names


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: rootfi\nruntime: python\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_stacks_keep_their_order_and_occur_once() -> None:
    names = ["prod", "acme/rootfi/dev", "a_b.c-1", "prod"]
    assert read_stack_names(names) == ["prod", "acme/rootfi/dev", "a_b.c-1"]


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a/b/c/d", "a//b", "::error::x", "$(id)", "dev\n", "x" * 101]
)
def test_text_that_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(StackNameError):
        read_stack_names(["dev", name])


def test_refusal_names_the_stacks_that_have_a_file(project: Path) -> None:
    for name in ("prod", "dev"):
        (project / f"Pulumi.{name}.yaml").touch()
    with pytest.raises(StackNameError, match=r"^the stack's name is empty: name dev or prod$"):
        read_stack_names([""])


def test_refusal_without_files_names_the_command_that_lists_stacks(project: Path) -> None:
    with pytest.raises(StackNameError, match=r"^'a b' is not the name of a stack: run `pulumi stack ls`"):
        read_stack_names(["a b"])


def test_refusal_outside_a_project_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StackNameError, match=r"no Pulumi\.yaml here or above"):
        read_stack_names([""])
