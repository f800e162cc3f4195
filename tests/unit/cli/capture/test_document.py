import json
from pathlib import Path

import pytest

from rootfi_pulumi.cli.capture.document import StackDocument
from rootfi_pulumi.cli.capture.entries import CaptureError
from tests.support.systems import POSIX


@POSIX
def test_a_file_is_replaced_with_its_mode_and_through_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_text("a: 1\n")
    real.chmod(0o640)
    link.symlink_to(real)
    StackDocument.read(link).replace("a: 2\n")
    assert (real.read_text(), real.stat().st_mode & 0o777, link.is_symlink()) == ("a: 2\n", 0o640, True)
    assert sorted(tmp_path.iterdir()) == [link, real]


def test_a_file_that_is_not_there_is_made_with_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "stacks" / "Pulumi.dev.yaml"
    document = StackDocument.read(path)
    assert (document.text, document.content, document.declared) == ("", {}, {})
    document.replace("a: é\r\n")
    assert path.read_bytes() == "a: é\r\n".encode()


def test_a_concurrent_change_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    document = StackDocument.read(path)
    path.write_text("by: hand\n")
    with pytest.raises(CaptureError, match="has changed meanwhile"):
        document.replace("a: 1\n")
    assert path.read_text() == "by: hand\n"


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "file" / "Pulumi.dev.yaml"
    document = StackDocument(path, "")
    (tmp_path / "file").write_text("")
    with pytest.raises(CaptureError, match=r"Pulumi\.dev\.yaml: "):
        document.replace("a: 1\n")


@pytest.mark.parametrize("content", [b"\xff", b"- a\n", b"config: [\n", b"a: 1\na: 2\n", b"a: .nan\n"])
def test_a_file_that_is_no_stack_file_is_reported(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_bytes(content)
    with pytest.raises(CaptureError, match=r"Pulumi\.dev\.yaml:( is not|\d: is [ni]|\d: a: is set twice)"):
        _ = StackDocument.read(path).content


@pytest.mark.parametrize("key", ["integrations", "rootfi:config:integrations"])
def test_declaration_under_another_key_is_refused(tmp_path: Path, key: str) -> None:
    document = StackDocument(tmp_path / "x", f"config:\n  {key}: {{}}\n", "rootfi")
    with pytest.raises(CaptureError, match=r"x:2: another spelling of rootfi:integrations: rename the key"):
        _ = document.declared


def test_declaration_is_there_even_if_it_has_no_entry(tmp_path: Path) -> None:
    for text, expected in (("", False), ("config:\n", False), ("config: {rootfi:integrations: {}}", True)):
        assert StackDocument(tmp_path / "x", text).has_declaration is expected, text


def test_declared_is_empty_where_nothing_readable_is(tmp_path: Path) -> None:
    for text in (
        "config:\n",
        "config: {rootfi:integrations: []}\n",
    ):
        declared = StackDocument(tmp_path / "x", text).declared
        assert "xero" not in declared


def test_declaration_that_is_encrypted_as_a_whole_is_refused(tmp_path: Path) -> None:
    text = "config: {rootfi:integrations: {secure: v1:x}}\n"
    with pytest.raises(
        CaptureError, match="rootfi:integrations is encrypted as a whole: write it as a mapping"
    ):
        _ = StackDocument(tmp_path / "x", text).declared


NEW = {"config": {"rootfi:integrations": {"b": {"adopt": 2}}}}


@pytest.mark.parametrize("scalar", ['\'{"a": {"adopt": 1}}\'', '|\n    {"a": {"adopt": 1}}'])
def test_declaration_that_is_json_text_becomes_a_mapping(tmp_path: Path, scalar: str) -> None:
    text = f"# mine\nconfig:\n  rootfi:integrations: {scalar}\n  other:x: 1 # yours\n"
    document = StackDocument(tmp_path / "x.yaml", text)
    assert document.declared == {"a": {"adopt": 1}}
    assert document.with_members(NEW) == (
        "# mine\nconfig:\n  rootfi:integrations:\n    a:\n      adopt: 1\n    b:\n      adopt: 2\n  other:x: 1 # yours\n"
    )


def test_declaration_that_is_json_text_in_json_becomes_a_mapping(tmp_path: Path) -> None:
    text = '{"config": {"rootfi:integrations": "{\\"a\\": {\\"adopt\\": 1}}"}}'
    made = StackDocument(tmp_path / "x.json", text).with_members(NEW)
    assert json.loads(made) == {"config": {"rootfi:integrations": {"a": {"adopt": 1}, "b": {"adopt": 2}}}}
