"""Print the path of the Chromium that the browser tests drive, and install one if there is none.

Debian's is installed where this process may: as root, with apt-get. Elsewhere Playwright's own installer
downloads one into the user's cache.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
APT = (
    ["apt-get", "update", "-qq"],
    ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", "chromium"],
)
PLAYWRIGHT = [sys.executable, "-m", "playwright"]
LIMIT = 900  # seconds, for some 150 MB
LONGEST_REASON = 300  # characters


class InstallError(Exception):
    """A command failed. `str()` is one line with its last words."""


def main() -> None:
    """Print the path, or exit with what failed and what to do."""
    try:
        print(on_path() or of_playwright() or installed())
    except InstallError as error:
        sys.exit(
            f"no Chromium for the browser tests: {error}\n"
            "Install your system's package `chromium`, so that it is on PATH."
        )


def on_path() -> str | None:
    """Return the first Chromium on PATH."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def of_playwright() -> str | None:
    """Return the Chromium that Playwright's installer has put into the user's cache."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - takes half a second

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def installed() -> str:
    """Install a Chromium and return its path. Raises InstallError."""
    return by_apt() if may_use_apt() else by_playwright()


def may_use_apt() -> bool:
    """Return whether this process can install Debian's packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def by_apt() -> str:
    """Install Debian's Chromium or, if Debian has none to give, Playwright's."""
    say("installing Debian's Chromium for the browser tests (about a minute, once)")
    try:
        for command in APT:
            run(command)
    except InstallError as error:
        say(f"Debian's Chromium cannot be installed: {error}")
    return on_path() or by_playwright()


def by_playwright() -> str:
    """Install Playwright's Chromium and return its path. Raises InstallError if it does not start."""
    say("downloading Playwright's Chromium for the browser tests (some 150 MB, once)")
    run([*PLAYWRIGHT, "install", "--no-shell", "chromium"])
    path = of_playwright()
    if path is None:
        raise InstallError("Playwright's installer succeeded, but the browser is not there")
    try:
        run([path, "--version"])
    except InstallError as error:
        libraries = (
            "The system's libraries for it:  sudo .venv/bin/python -m playwright install-deps chromium"
        )
        raise InstallError(f"{error}\n{libraries}") from None
    return path


def run(command: Sequence[str]) -> None:
    """Run a command. Raises InstallError if it fails or takes too long."""
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    shown = " ".join(command).removeprefix(f"{sys.executable} -m ")
    try:
        done = subprocess.run(
            command,
            check=False,
            env=quiet,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        raise InstallError(f"{shown}: took longer than {LIMIT} s") from None
    except OSError as error:
        raise InstallError(f"{shown}: {error.strerror}") from None
    if done.returncode:
        reason = " ".join(done.stdout.split())[-LONGEST_REASON:]
        raise InstallError(f"{shown}: {reason}")


def say(line: str) -> None:
    """Print a line for a person; standard output is for the path alone."""
    print(line, file=sys.stderr)


if __name__ == "__main__":
    main()
