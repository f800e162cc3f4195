"""Removing the folder of `make play` while another process may recreate it; that process acts in the pauses."""

from pathlib import Path

import pytest

from tools.demo import play


def recreated(folder: Path) -> None:
    (folder / "state").mkdir(parents=True, exist_ok=True)
    (folder / "state" / "dev.json").touch()


@pytest.mark.parametrize("pauses", [0, 1, 5, 40])
def test_folder_that_comes_back_is_removed_again(tmp_path: Path, pauses: int) -> None:
    folder = tmp_path / "play"
    recreated(folder)
    left = iter(range(pauses))

    def pause(_: float) -> None:
        if next(left, None) is not None:
            recreated(folder)

    assert play.remove(folder, pause)
    assert not folder.exists()


def test_folder_that_keeps_coming_back_is_not_removed(tmp_path: Path) -> None:
    folder = tmp_path / "play"
    recreated(folder)
    assert not play.remove(folder, lambda _: recreated(folder))


def test_folder_that_comes_back_late_is_removed_again(tmp_path: Path) -> None:
    folder = tmp_path / "play"
    recreated(folder)
    late = [False, False, False, True, False, False, False, False, False, True]

    def pause(_: float) -> None:
        if late and late.pop(0):
            recreated(folder)

    assert play.remove(folder, pause)
    assert (late, folder.exists()) == ([], False)
