"""Files are written all or not at all."""

from pathlib import Path

import pytest

from rootfi_pulumi.cli.init import writing
from rootfi_pulumi.cli.init.writing import InTheWayError, write_all
from tests.support.limited_files import limit_files
from tests.support.systems import POSIX

FILES = {"a": "1\n", "b/c/d": "ä\n", "b/e": "3\n"}


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if not path.is_dir())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def test_all_files_are_written_next_to_others(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "other").write_text("kept")
    write_all(tmp_path, FILES)
    assert contents(tmp_path) == FILES | {"other": "kept"}


def test_folder_is_created(tmp_path: Path) -> None:
    write_all(tmp_path / "x" / "y", FILES)
    assert contents(tmp_path / "x" / "y") == FILES


def test_files_in_the_way_are_all_named_and_kept(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("missing")
    (tmp_path / "b").write_text("a file, not a folder")
    (tmp_path / "z").write_text("")
    with pytest.raises(InTheWayError) as raised:
        write_all(tmp_path, FILES, ["z", "missing"])
    assert raised.value.paths == ["a", "b", "z"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "z"]
    assert (tmp_path / "b").read_text() == "a file, not a folder"


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_nothing_is_left_after_an_error(
    error: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = writing._write  # noqa: SLF001

    def fail(path: Path, text: str, done: list[Path]) -> None:
        write(path, text, done)
        if path.name == "e":
            raise error

    monkeypatch.setattr(writing, "_write", fail)
    (tmp_path / "other").write_text("kept")
    with pytest.raises(error):
        write_all(tmp_path / "x", FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["other"]


@POSIX
def test_failed_write_says_the_file_and_leaves_nothing(tmp_path: Path) -> None:
    with limit_files(1), pytest.raises(OSError, match="too large") as raised:
        write_all(tmp_path / "x", {"b/c/d": "more than fits"})
    assert raised.value.filename == str(tmp_path / "x" / "b" / "c" / "d")
    assert list(tmp_path.iterdir()) == []


def test_file_that_appears_meanwhile_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_obstacle", lambda *_: None)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "e").write_text("theirs")
    with pytest.raises(FileExistsError):
        write_all(tmp_path, FILES)
    assert contents(tmp_path) == {"b/e": "theirs"}
