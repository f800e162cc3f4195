import os
import subprocess
from pathlib import Path

import pytest

from tools.soak.invariants import BrokenError
from tools.soak.leftovers import check_files, check_processes, cut_off


def test_a_process_that_runs_on_is_found_by_its_temporary_folder(tmp_path: Path) -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, env=os.environ | {"TMPDIR": str(tmp_path)}) as cat:
        with pytest.raises(BrokenError, match=r"still running: .*cat"):
            check_processes(tmp_path, patience=0)
        cat.kill()
    check_processes(tmp_path, patience=0)


def test_a_process_with_another_temporary_folder_is_left_alone(tmp_path: Path) -> None:
    environ = os.environ | {"TMPDIR": str(tmp_path / "b")}
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, env=environ) as cat:
        check_processes(tmp_path / "a", patience=0)
        cat.kill()


def test_a_lock_is_found(tmp_path: Path) -> None:
    lock = tmp_path / "state" / ".pulumi" / "locks" / "organization" / "lock.json"
    lock.parent.mkdir(parents=True)
    lock.touch()
    with pytest.raises(BrokenError, match=r"left locked: \['lock.json'\]"):
        check_files(tmp_path / "state", tmp_path / "tmp")


@pytest.mark.parametrize("left", ["tmp/left", "state/.pulumi/stacks/left.tmp"])
def test_a_temporary_file_is_found(left: str, tmp_path: Path) -> None:
    (tmp_path / left).parent.mkdir(parents=True)
    (tmp_path / left).touch()
    with pytest.raises(BrokenError, match=r"temporary files left: \['left.*'\]"):
        check_files(tmp_path / "state", tmp_path / "tmp")


def test_folders_of_former_locks_are_no_locks(tmp_path: Path) -> None:
    (tmp_path / "state" / ".pulumi" / "locks" / "organization").mkdir(parents=True)
    check_files(tmp_path / "state", tmp_path / "tmp")


def test_attributes_that_were_cut_off_are_found_and_whole_ones_are_not(tmp_path: Path) -> None:
    folder = tmp_path / ".pulumi" / "stacks"
    folder.mkdir(parents=True)
    (folder / "a.json.attrs").write_text("{}")
    (folder / "b.json.attrs").touch()
    assert [path.name for path in cut_off(tmp_path)] == ["b.json.attrs"]
