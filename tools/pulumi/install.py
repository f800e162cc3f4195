"""Print the folder of a Pulumi CLI that suits this project, after getting one where the machine has none.

install.py          the CLI on PATH, or in the user's cache, or by Pulumi's own installer, or built from the
                    Go module registry: the first that works. Progress goes to standard error.
install.py --lock   carry the version in pyproject.toml into go.mod and go.sum
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
    """`[tool.pulumi] cli`."""
    with pyproject.open("rb") as file:
        version = tomllib.load(file).get("tool", {}).get("pulumi", {}).get("cli")
    if not isinstance(version, str) or not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise InstallError(f'{pyproject} pins no Pulumi CLI; write e.g. cli = "3.274.1" under [tool.pulumi]')
    return version


def parse_version(text: str) -> tuple[int, int, int, bool] | None:
    """Numbers that compare as versions do; a pre-release comes before its release."""
    match = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)(-[^+\s]+)?(\+\S+)?", text.strip())
    return (int(match[1]), int(match[2]), int(match[3]), not match[4]) if match else None


def suits(found: str, pinned: str) -> bool:
    """Same major version and not older."""
    have, want = parse_version(found), parse_version(pinned)
    return have is not None and want is not None and have[0] == want[0] and have >= want


def reported_version(pulumi: Path) -> str:
    """What `pulumi version` prints; empty where it can't be run."""
    env = os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        return run([pulumi, "version"], doing="pulumi version", otherwise="", timeout=30, env=env).strip()
    except InstallError:
        return ""


def on_path(pinned: str) -> Path | None:
    """The folder of the `pulumi` on PATH, if it can run this project."""
    found = shutil.which("pulumi")
    if not found:
        return None
    pulumi = Path(found).absolute()
    version = reported_version(pulumi)
    if not suits(version, pinned):
        say(f"{pulumi} is version {version or 'unknown'}, this project needs {pinned}: not used")
        return None
    host = "pulumi-language-python"
    beside = any((folder / host).exists() for folder in (pulumi.parent, pulumi.resolve().parent))
    if not beside and not shutil.which(host):
        say(f"{pulumi} has no {host} beside it or on PATH: not used")
        return None
    return pulumi.parent


def cached_folder(version: str) -> Path:
    """Where this version is kept. The name changes with whatever it is built from."""
    digest = hashlib.sha256(" ".join(go_build.build_arguments(version)).encode())
    for source in (HERE / "go.mod", HERE / "go.sum", *sorted((HERE / "host").glob("*.go"))):
        digest.update(source.read_bytes())
    return cache.cache_root() / f"pulumi-{version}-{digest.hexdigest()[:8]}"


def download(version: str, made: Path) -> bool:
    """Try Pulumi's own installer, which needs Pulumi's sites."""
    say(f"fetching Pulumi CLI {version} with Pulumi's own installer ({INSTALLER_LIMIT} s at most)")
    command = [sys.executable, str(HERE / "download.py"), str(made), version]
    try:
        run(command, doing="Pulumi's installer", otherwise="building instead", timeout=INSTALLER_LIMIT)
    except InstallError as error:
        shutil.rmtree(made, ignore_errors=True)
        say(str(error))
        return False
    return True


def install(version: str) -> Path:
    """Return the cached folder, making it first where it is missing."""
    folder = cached_folder(version)
    if cache.is_complete(folder):
        return folder / "bin"
    with cache.only_one(folder):
        if not cache.is_complete(folder):  # whoever held the right before may have made it
            with cache.staging(folder) as scratch:
                made = scratch / "made"
                if not download(version, made):
                    go_build.build(version, made, scratch)
                check_result(version, made)
                cache.publish(made, folder)
    return folder / "bin"


def check_result(version: str, made: Path) -> None:
    """Publish nothing that doesn't run."""
    reported = reported_version(made / "bin" / "pulumi")
    if reported != f"v{version}" or not cache.is_complete(made):
        raise InstallError(f"the CLI that was made doesn't work (it says '{reported}'); report it, {BY_HAND}")


def find_or_install() -> Path:
    """Everything the command does without options."""
    version = pinned_version()
    go_build.check_lock(version)
    return on_path(version) or install(version)


def main() -> int:
    """Run the command; every foreseeable failure is one line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lock", action="store_true", help="write go.mod and go.sum instead")
    arguments = parser.parse_args()
    # So that what is half made is cleared away, as on Ctrl-C.
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
        say(f"{error}; {cache.cache_root()} must be writable, or XDG_CACHE_HOME name another folder")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
