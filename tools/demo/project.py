"""Copies the project into a temporary folder, where nothing touches the user's own Pulumi.

Everything that Pulumi writes, including its home and state, is in that folder.
"""

import os
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
COPIED = ("Pulumi.yaml", "__main__.py", "requirements.txt", "rootfi_pulumi", "stacks")


def copy_project(folder: Path) -> None:
    """Copy what a deployment needs, so that Pulumi only writes to the copy, and link the packages."""
    for name in COPIED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    (folder / ".venv").symlink_to(sys.prefix)


def environment(folder: Path) -> dict[str, str]:
    """Return the user's environment with `own_variables` in place of those of Pulumi and RootFi."""
    return inherited() | own_variables(folder)


def inherited() -> dict[str, str]:
    """Return the user's environment without the variables of Pulumi and RootFi."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "ROOTFI_"))}


def own_variables(folder: Path) -> dict[str, str]:
    """Return a separate Pulumi home and state in a folder, and the secrets that the dev stack names."""
    (folder / "state").mkdir()
    return {
        "PATH": f"{pulumi_folder()}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": secrets.token_hex(16),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # Pulumi's processes connect to each other on this machine, without a proxy.
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "PYTHONDONTWRITEBYTECODE": "1",
        "QUICKBOOKS_SANDBOX_CLIENT_SECRET": secrets.token_hex(16),
        "ROOTFI_SANDBOX_CLIENT_SECRET": secrets.token_hex(16),
    }


def pulumi_folder() -> str:
    """Return the folder of the Pulumi CLI that `make setup` installed or found."""
    install = [sys.executable, str(REPOSITORY / "tools" / "pulumi" / "install.py")]
    return subprocess.run(install, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
