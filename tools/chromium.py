"""Print the path of the Chromium that the browser tests drive, and install one if there is none."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
INSTALL = (
    ["apt-get", "update", "-qq"],
    ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", "chromium"],
)
LIMIT = 900  # seconds, for some 100 MB of packages


def main() -> None:
    """Print the path, or exit with one line that says what to install."""
    path = on_path() or installed()
    if not path:
        sys.exit("Chromium is not installed: install your system's package `chromium` for the browser tests")
    print(path)


def on_path() -> str | None:
    """Return the first Chromium on PATH."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def installed() -> str | None:
    """Install Debian's Chromium if this process may, and return its path."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("installing Debian's Chromium for the browser tests (about a minute, once)", file=sys.stderr)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in INSTALL:
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
            sys.exit(f"{' '.join(command)}: took longer than {LIMIT} s")
        if done.returncode:
            reason = " ".join(done.stdout.split())[-300:]
            sys.exit(f"{' '.join(command)}: {reason}")
    return on_path()


if __name__ == "__main__":
    main()
