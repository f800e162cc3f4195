"""`make demo`: runs `pulumi up` of the dev stack against an emulated RootFi.

Everything that it creates, including Pulumi's home and state, is in a temporary folder that it removes.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

REPOSITORY = Path(__file__).parents[1]
sys.path.insert(0, str(REPOSITORY))

from rootfi_pulumi.emulator import Emulator  # noqa: E402 (found through the line above)

PROJECT = ("Pulumi.yaml", "__main__.py", "requirements.txt", "rootfi_pulumi", "stacks")
CLIENT_SECRET = "rootfi:integrations.rootfi-sandbox.client_secret"  # noqa: S105 (the path of one)


def main() -> None:
    """Run the demo. Exits with the code of the first command that fails."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _stop)
    with tempfile.TemporaryDirectory(prefix="rootfi-demo-") as temporary, Emulator() as emulator:
        folder = Path(temporary)
        api_key = emulator.add_organisation()
        say(f"an emulated RootFi listens on {emulator.url}, with one empty organisation")
        copy_project(folder)
        demo = Demo(folder, environment(folder))

        say("a throw-away state backend and the stack dev")
        demo.pulumi("login", demo.environ["PULUMI_BACKEND_URL"])
        demo.pulumi("stack", "init", "dev")
        say("its settings; the API key and one client secret are read from standard input and encrypted")
        demo.pulumi("config", "set", "rootfi:baseUrl", emulator.url)
        demo.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=api_key)
        demo.pulumi("config", "set", "--secret", "--path", CLIENT_SECRET, stdin=secrets.token_hex(16))
        print((folder / "stacks" / "Pulumi.dev.yaml").read_text())

        say("pulumi up")
        demo.pulumi("up", "--yes")
        say("what RootFi has now")
        for integration in emulator.integrations(api_key):
            state = "disabled" if integration.is_disabled else "enabled"
            print(f"  {integration.rootfi_id}  {integration.integration_type:20}  {state}")
        say("the stack's output about it")
        demo.pulumi("stack", "output", "integrations")
        say("pulumi preview: no changes, and no request to RootFi")
        asked = len(emulator.requests)
        demo.pulumi("preview", "--expect-no-changes")
        if len(emulator.requests) != asked:
            sys.exit("the preview sent a request to RootFi")
    say("done; the emulator has stopped and the temporary folder is gone")


class Demo:
    """Runs `pulumi` in the copied project, showing each command before its output."""

    def __init__(self, folder: Path, environ: dict[str, str]) -> None:
        self.folder = folder
        self.environ = environ

    def pulumi(self, *args: str, stdin: str | None = None) -> None:
        """Run one command; exit with its code if it fails."""
        print(f"$ pulumi {' '.join(args)}", flush=True)
        command = ["pulumi", *args, "--non-interactive"]
        done = subprocess.run(command, cwd=self.folder, env=self.environ, input=stdin, text=True, check=False)
        if done.returncode:
            say(f"pulumi {args[0]} failed")
            sys.exit(done.returncode)


def copy_project(folder: Path) -> None:
    """Copy what a deployment needs, so that Pulumi only writes to the copy, and link the packages."""
    for name in PROJECT:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    (folder / ".venv").symlink_to(sys.prefix)


def environment(folder: Path) -> dict[str, str]:
    """Return the user's environment with a separate Pulumi home and the secrets that the dev stack names."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("PULUMI_", "ROOTFI_"))
    }
    (folder / "state").mkdir()
    return inherited | {
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


def say(line: str) -> None:
    """Print a heading, in bold on a terminal."""
    bold = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    print(f"\n\033[1m== {line}\033[0m" if bold else f"\n== {line}", flush=True)


def _stop(ending: int, _: object) -> NoReturn:
    sys.exit(128 + ending)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
