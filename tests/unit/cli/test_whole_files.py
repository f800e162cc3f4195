"""A user's file is replaced whole or not at all."""

from pathlib import Path

import pytest

from rootfi_pulumi.cli.whole_files import replace_file

UNWRITABLE = "\udc80"


def test_failed_write_leaves_the_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        replace_file(path, UNWRITABLE)
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"file": "old"}
