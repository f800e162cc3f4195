"""Compares every place that names the version."""

import re
import tomllib
from collections.abc import Iterable, Iterator

from tools.release import ReleaseError
from tools.release.commit import Commit

TEMPLATE = "template/requirements.txt"
_VERSION = re.compile(r"(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}")
# The package in a requirements file, by its version or by a tag: `rootfi-pulumi[cli]==0.1.0`,
# `rootfi-pulumi @ git+https://…@v0.1.0`.
_REQUIREMENT = re.compile(r"^\s*rootfi-pulumi\b.*$", re.MULTILINE)
_PINNED = re.compile(r"(?:==\s*|@v)([^\s;#\\]+)")


def check_metadata(commit: Commit, release: str) -> str:
    """Return the version that pyproject.toml declares. Raises ReleaseError with all places that differ."""
    version = declared_version(commit.read("pyproject.toml"))
    template = commit.read(TEMPLATE) if TEMPLATE in commit.files() else ""
    problems = [*version_problems(version, commit.tags(), release), *template_problems(version, template)]
    if problems:
        raise ReleaseError("\n  ".join([f"the version in pyproject.toml is {version}, but:", *problems]))
    return version


def declared_version(pyproject: str) -> str:
    """Return `[project] version`."""
    return str(tomllib.loads(pyproject)["project"]["version"])


def version_problems(version: str, tags: Iterable[str], release: str) -> Iterator[str]:
    """Yield what is wrong with a version, the tags of its commit and the release that was asked for."""
    if not _VERSION.fullmatch(version):
        yield "it is no version of SemVer: write X.Y.Z"
    for tag in tags:
        if tag != f"v{version}":
            yield f"HEAD has the tag {tag}: set the version first, then tag that commit v{version}"
    if release and release.removeprefix("v") != version:
        yield f"the release is {release}: set the version, commit, and tag that commit"


def template_problems(version: str, requirements: str) -> Iterator[str]:
    """Yield what is wrong with the requirements of the template, if they name the package."""
    for line in _REQUIREMENT.findall(requirements):
        pinned = _PINNED.search(line)
        if not pinned or pinned[1] != version:
            yield f"{TEMPLATE} has `{line.strip()}`: pin {version}"
