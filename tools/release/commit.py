"""The commit that is to be released."""

from dataclasses import dataclass
from pathlib import Path

from tools.release.commands import run


@dataclass(frozen=True)
class Commit:
    """The commit at HEAD of `repository`; its files are unpacked into folders of `scratch`."""

    repository: Path
    scratch: Path

    def read(self, name: str) -> str:
        """Return the text of a file."""
        return self._git("show", f"HEAD:{name}")

    def files(self) -> list[str]:
        """Return the names of all files."""
        return self._git("ls-tree", "-r", "-z", "--name-only", "HEAD").rstrip("\0").split("\0")

    def tags(self) -> list[str]:
        """Return the tags on the commit that begin with `v`."""
        return self._git("tag", "--points-at", "HEAD", "--list", "v*").split()

    def time(self) -> str:
        """Return when it was made, in seconds since 1970."""
        return self._git("log", "-1", "--format=%ct").strip()

    def is_changed(self) -> bool:
        """Return whether the work tree differs from it; ignored files do not count."""
        return bool(self._git("status", "--porcelain"))

    def folder(self, name: str, *, umask: int = 0o022, keep_times: bool = True) -> Path:
        """Unpack the files into a new folder; without `keep_times` they are as old as that folder."""
        folder = self.scratch / name
        folder.mkdir()
        archive = self.scratch / f"{name}.tar"
        self._git("archive", "--output", str(archive), "HEAD")
        times = () if keep_times else ("--touch",)
        run("tar", "--extract", "--no-same-permissions", *times, "--file", archive, cwd=folder, umask=umask)
        return folder

    def _git(self, *arguments: str) -> str:
        return run("git", *arguments, cwd=self.repository)
