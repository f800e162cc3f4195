from pathlib import Path

import pytest

from tests.support.distribution.git import TIME, git
from tools.release import ReleaseError
from tools.release.commit import Commit


@pytest.fixture
def commit(tmp_path: Path) -> Commit:
    repository, scratch = tmp_path / "repository", tmp_path / "scratch"
    repository.mkdir()
    scratch.mkdir()
    (repository / "run").write_text("committed")
    (repository / "run").chmod(0o755)
    git(repository, "init", "--quiet")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "--message", "First")
    return Commit(repository, scratch)


def test_commit_is_read_and_not_the_work_tree(commit: Commit) -> None:
    assert not commit.is_changed()
    (commit.repository / "run").write_text("changed")
    (commit.repository / "new").touch()
    assert commit.is_changed()
    assert (commit.read("run"), commit.files(), commit.time()) == ("committed", ["run"], str(TIME))
    assert (commit.folder("copy") / "run").read_text() == "committed"


def test_commit_has_the_tags_of_versions(commit: Commit) -> None:
    for tag in ("v0.1.0", "v0.2.0", "other"):
        git(commit.repository, "tag", tag)
    assert commit.tags() == ["v0.1.0", "v0.2.0"]


def test_copies_differ_in_modes_and_times(commit: Commit) -> None:
    copies = [commit.folder("first"), commit.folder("second", umask=0o077, keep_times=False)]
    first, second = ((copy / "run").stat() for copy in copies)
    assert (first.st_mode & 0o777, second.st_mode & 0o777) == (0o755, 0o700)
    assert first.st_mtime == TIME != second.st_mtime


def test_a_missing_file_is_one_error(commit: Commit) -> None:
    with pytest.raises(ReleaseError, match=r"git show HEAD:absent failed:\n.*absent"):
        commit.read("absent")
