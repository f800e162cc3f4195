"""Finds out what a new repository must install to get the package that is running."""

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from rootfi_pulumi.cli.init.credentials import remove_credentials

_NAME = "rootfi-pulumi"
_PACKAGE = f"{_NAME}[cli,emulator]"
_SOURCE = Path(__file__).parents[3]


@dataclass(frozen=True)
class Requirement:
    """A requirement, and what must be true for a colleague to install it; empty for one from an index."""

    text: str
    note: str = ""


def find_requirement() -> Requirement:
    """Return the requirement of the package from where it was installed.

    See https://packaging.python.org/en/latest/specifications/direct-url/
    """
    try:
        installed = Distribution.from_name(_NAME)
    except PackageNotFoundError:
        return from_clone(_SOURCE)
    # A clone on sys.path comes before what is installed.
    if Path(str(installed.locate_file("rootfi_pulumi"))).resolve() != _SOURCE / "rootfi_pulumi":
        return from_clone(_SOURCE)
    origin = json.loads(installed.read_text("direct_url.json") or "{}")
    return from_origin(origin, installed.version)


def from_origin(origin: Mapping[str, Any], version: str) -> Requirement:
    """Return the requirement of an installed package, given its direct_url.json and version."""
    url = str(origin.get("url", ""))
    match origin:
        case {"vcs_info": {"vcs": "git", "commit_id": str(commit)}}:
            return _from_git(_as_url(url), commit)  # some installers record the credentials, too
        case {"dir_info": dict()}:
            return from_clone(Path(url2pathname(urlsplit(url).path)), version)
    return _from_index(version, f"{remove_credentials(url)} was installed" if url else "")


def _from_git(url: str, commit: str, note: str = "") -> Requirement:
    if url.startswith("file:"):
        note = f"only this machine can install from {url}: push it to a server"
    return Requirement(f"{_PACKAGE} @ git+{url}@{commit}", note)


def _from_index(version: str, why: str = "") -> Requirement:
    note = f"{why}, so an index must have {_NAME}=={version}" if why else ""
    return Requirement(f"{_PACKAGE}=={version}", note)


def from_clone(folder: Path, version: str = "") -> Requirement:
    """Return the requirement of a folder of sources: its remote and commit, if it is a clone."""
    remotes = _git(folder, "remote").split()
    commit = _git(folder, "rev-parse", "--verify", "HEAD")
    # The folder may be in a repository of something else.
    if not remotes or not commit or not (folder / ".git").exists():
        return _from_index(version or _version(folder), f"{folder} has no git remote")
    remote = "origin" if "origin" in remotes else remotes[0]
    url = _as_url(_git(folder, "remote", "get-url", remote))
    pushed = _git(folder, "branch", "--remotes", "--contains", commit)
    return _from_git(
        url, commit, "" if pushed else f"commit {commit[:12]} of {folder} is not on {remote}: push it"
    )


def _git(folder: Path, *args: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 (a fixed command)
            ["git", "-C", str(folder), *args],  # noqa: S607 (the user's git)
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _as_url(remote: str) -> str:
    """Return a remote as a URL without a password or token; git also has host:path and paths."""
    if "://" not in remote:
        host, colon, path = remote.partition(":")
        if colon and "/" not in host:
            return f"ssh://{host}/{path.removeprefix('/')}"
        return Path(remote).absolute().as_uri()
    return remove_credentials(remote)


def _version(folder: Path) -> str:
    """Return the version of the sources in a folder."""
    # The build's metadata is the only other place that has it, and a clone has not been built.
    found = re.search(
        r'^version = "([^"]+)"', (folder / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE
    )
    return found[1] if found else ""
