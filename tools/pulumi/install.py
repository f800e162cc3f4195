"""Print the folder of a Pulumi CLI that this project supports, and install one if there is none.

install.py          use the CLI on PATH or in the user's cache; else run Pulumi's installer; else build the
                    CLI from the Go module registry. Progress goes to standard error.
install.py --lock   write the version in pyproject.toml to go.mod and go.sum
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import signal
import sys
import tomllib
from pathlib import Path

import cache
import go_build
from steps import InstallError, run, say

HERE = Path(__file__).resolve().parent
PYPROJECT = HERE.parents[1] / "pyproject.toml"
INSTALLER_LIMIT = 300  # seconds, for a download of 150 MB
BY_HAND = "or install Pulumi by hand so that `pulumi` is on PATH"


def pinned_version(pyproject: Path = PYPROJECT) -> str:
    """Return `[tool.pulumi] cli`."""
    with pyproject.open("rb") as file:
        version = tomllib.load(file).get("tool", {}).get("pulumi", {}).get("cli")
    if not isinstance(version, str) or not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise InstallError(f'{pyproject} pins no Pulumi CLI; write e.g. cli = "3.274.1" under [tool.pulumi]')
    return version


def parse_version(text: str) -> tuple[int, int, int, bool] | None:
    """Return numbers that compare as versions do. A pre-release sorts before its release."""
    match = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)(-[^+\s]+)?(\+\S+)?", text.strip())
    return (int(match[1]), int(match[2]), int(match[3]), not match[4]) if match else None


def suits(found: str, pinned: str) -> bool:
    """Return whether a version has the same major version as the pinned one and is not older."""
    have, want = parse_version(found), parse_version(pinned)
    return have is not None and want is not None and have[0] == want[0] and have >= want


def reported_version(pulumi: Path) -> str:
    """Return what `pulumi version` prints; empty if it fails."""
    env = os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        return run([pulumi, "version"], doing="pulumi version", otherwise="", timeout=30, env=env).strip()
    except InstallError:
        return ""


def on_path(pinned: str) -> Path | None:
    """Return the folder of the `pulumi` on PATH if it can run this project, else None."""
    found = shutil.which("pulumi")
    if not found:
        return None
    pulumi = Path(found).absolute()
    version = reported_version(pulumi)
    if not suits(version, pinned):
        say(f"{pulumi} is not used: its version is {version or 'unknown'}, this project needs {pinned}")
        return None
    host = "pulumi-language-python"
    has_host = any((folder / host).exists() for folder in (pulumi.parent, pulumi.resolve().parent))
    if not has_host and not shutil.which(host):
        say(f"{pulumi} is not used: {host} is neither next to it nor on PATH")
        return None
    return pulumi.parent


def cached_folder(version: str) -> Path:
    """Return the cache folder of this version. Its name depends on everything that it is built from."""
    digest = hashlib.sha256(" ".join(go_build.build_arguments(version)).encode())
    for source in (HERE / "go.mod", HERE / "go.sum", *sorted((HERE / "host").glob("*.go"))):
        digest.update(source.read_bytes())
    return cache.cache_root() / f"pulumi-{version}-{digest.hexdigest()[:8]}"


def download(version: str, made: Path) -> bool:
    """Try Pulumi's installer, which needs access to Pulumi's sites; return whether it succeeded."""
    say(f"fetching Pulumi CLI {version} with Pulumi's installer (up to {INSTALLER_LIMIT} s)")
    command = [sys.executable, str(HERE / "download.py"), str(made), version]
    try:
        run(command, doing="Pulumi's installer", otherwise="building instead", timeout=INSTALLER_LIMIT)
    except InstallError as error:
        shutil.rmtree(made, ignore_errors=True)
        say(str(error))
        return False
    return True


def install(version: str) -> Path:
    """Return the cached folder, and install the CLI there first if it is missing."""
    folder = cached_folder(version)
    if cache.is_complete(folder):
        return folder / "bin"
    with cache.only_one(folder):
        if not cache.is_complete(folder):  # the lock's previous holder may have installed it
            with cache.staging(folder) as scratch:
                made = scratch / "made"
                if not download(version, made):
                    go_build.build(version, made, scratch)
                check_result(version, made)
                cache.publish(made, folder)
    return folder / "bin"


def check_result(version: str, made: Path) -> None:
    """Raise InstallError unless the installed CLI runs and is complete."""
    reported = reported_version(made / "bin" / "pulumi")
    if reported != f"v{version}" or not cache.is_complete(made):
        raise InstallError(
            f"the installed CLI does not work (it reports '{reported}'): file an issue, {BY_HAND}"
        )


def find_or_install() -> Path:
    """Return the folder of the CLI on PATH, or else of the installed one."""
    version = pinned_version()
    go_build.check_lock(version)
    return on_path(version) or install(version)


def main() -> int:
    """Run the command. Expected errors are one line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lock", action="store_true", help="write go.mod and go.sum instead")
    arguments = parser.parse_args()
    # SystemExit, like Ctrl-C, removes incomplete folders.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    try:
        if arguments.lock:
            go_build.write_lock(pinned_version())
        else:
            print(find_or_install())
    except InstallError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"{error}: make {cache.cache_root()} writable, or set XDG_CACHE_HOME to another folder")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
