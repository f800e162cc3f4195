"""`python -m tools.release`: check, build, notes, sbom. Each reads the commit at HEAD, not the work tree."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.release import REPOSITORY, ReleaseError
from tools.release.changelog import find_notes
from tools.release.commit import Commit
from tools.release.contents import check_contents
from tools.release.installation import check_installation
from tools.release.metadata import check_metadata, declared_version
from tools.release.packages import build, build_twice, check_descriptions
from tools.release.sbom import write_sbom

DIST = REPOSITORY / "dist"


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code: 0 done, 1 a check failed, 2 usage error."""
    options = _parse(arguments)
    try:
        with _commit() as commit:
            if options.command == "check":
                check(commit, options.output, os.environ.get("RELEASE", ""))
            elif options.command == "build":
                for package in build(commit.folder("build"), commit, options.output):
                    print(package)
            elif options.command == "notes":
                print(find_notes(commit.read("CHANGELOG.md"), options.version))
            else:
                write_sbom(commit, options.output)
    except ReleaseError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


def check(commit: Commit, output: Path, release: str) -> None:
    """Check everything that can be checked without the forge, and leave what is to be published in `output`.

    `release` is the version that is to be released, with or without a `v`; empty for that of pyproject.toml.
    """
    if commit.is_changed():
        raise ReleaseError(
            "the work tree differs from HEAD, which is what would be released: commit, then repeat"
        )
    version = check_metadata(commit, release)
    notes = find_notes(commit.read("CHANGELOG.md"), version)
    _report(f"version {version}: changelog, tag and template agree")
    shutil.rmtree(output, ignore_errors=True)
    packages = build_twice(commit, output / "packages")
    _report("two builds, with other modes, times and a time zone, have the same bytes")
    check_descriptions(packages)
    check_contents(commit, packages)
    _report("twine accepts both packages, and they contain what they should")
    for package in packages:
        check_installation(commit, package, version)
    _report("wheel and source distribution run in new environments with the locked packages")
    (output / "notes.md").write_text(notes + "\n")
    write_sbom(commit, output / f"rootfi-pulumi-{version}.cdx.json")
    for path in sorted(path for path in output.rglob("*") if path.is_file()):
        print(path)


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    each = commands.add_parser(
        "check", help="check all, and fill the folder; RELEASE=0.2.0 is what to release"
    )
    each.add_argument("--output", type=Path, default=DIST, help="folder to replace (default: dist)")
    each = commands.add_parser("build", help="build the wheel and the source distribution, reproducibly")
    each.add_argument(
        "--output", type=Path, default=DIST / "packages", help="folder (default: dist/packages)"
    )
    each = commands.add_parser("notes", help="print the changelog's section of a version")
    each.add_argument(
        "version", nargs="?", default=declared_version((REPOSITORY / "pyproject.toml").read_text())
    )
    each = commands.add_parser("sbom", help="write the locked packages as CycloneDX")
    each.add_argument("output", type=Path)
    return parser.parse_args(arguments)


@contextmanager
def _commit() -> Iterator[Commit]:
    with tempfile.TemporaryDirectory(prefix="rootfi-release-") as folder:
        yield Commit(REPOSITORY, Path(folder))


def _report(line: str) -> None:
    print(f"release: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
