"""Where a new project is: its repository's root, and its folder there."""

from pathlib import Path

import pytest

from rootfi_pulumi.cli.init.repository import place
from tests.support.systems import POSIX


def test_folder_in_no_repository_is_the_root(tmp_path: Path) -> None:
    assert place(tmp_path / "new" / "one") == (tmp_path / "new" / "one", "")


def test_folder_in_a_repository_is_a_part_of_it(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert place(tmp_path) == (tmp_path, "")
    assert place(tmp_path / "infra" / "eu") == (tmp_path, "infra/eu/")


@POSIX
@pytest.mark.parametrize("folder", ["x" * 300, "missing/../file/new", "file", "loop", "loop/new"])
def test_folder_that_cannot_be_looked_into_is_an_error(folder: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError, match=r"Errno"):
        place(tmp_path / folder)
