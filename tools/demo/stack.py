"""The stack dev in a copied project, and the commands that are shown as they run."""

import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CLIENT_SECRET = "rootfi:integrations.rootfi-sandbox.client_secret"  # noqa: S105 (the path of one)


@dataclass
class Stack:
    """Runs `pulumi` in the copied project, showing each command before its output.

    With `is_quiet`, a command and its output are shown only if it fails.
    """

    folder: Path
    environ: dict[str, str]
    is_quiet: bool = False

    def create(self) -> None:
        """Create the stack in a backend that is a folder."""
        self.pulumi("login", self.environ["PULUMI_BACKEND_URL"])
        self.pulumi("stack", "init", "dev")

    def configure(self, url: str, api_key: str) -> None:
        """Set RootFi's address, the API key and one client secret."""
        self.pulumi("config", "set", "rootfi:baseUrl", url)
        self.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=api_key)
        self.pulumi("config", "set", "--secret", "--path", CLIENT_SECRET, stdin=secrets.token_hex(16))

    def pulumi(self, *args: str, stdin: str | None = None) -> None:
        """Run one command without questions; exit with its code if it fails."""
        self._run([*args, "--non-interactive"], " ".join(args), stdin)

    def show(self, *args: str) -> None:
        """Run one command; on a terminal it draws its tree as it does for a person."""
        self._run([*args] if on_terminal() else [*args, "--non-interactive"], " ".join(args), None)

    def _run(self, args: list[str], shown: str, stdin: str | None) -> None:
        if not self.is_quiet:
            print(f"$ pulumi {shown}", flush=True)
        done = subprocess.run(
            ["pulumi", *args],
            cwd=self.folder,
            env=self.environ,
            input=stdin,
            text=True,
            check=False,
            stdout=subprocess.PIPE if self.is_quiet else None,
            stderr=subprocess.STDOUT if self.is_quiet else None,
        )
        if done.returncode:
            print(done.stdout or "", end="", flush=True)
            say(f"pulumi {args[0]} failed")
            sys.exit(done.returncode)


def on_terminal() -> bool:
    """Return whether a person sees the output and could answer."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def say(line: str) -> None:
    """Print a heading, in bold on a terminal."""
    bold = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    print(f"\n\033[1m== {line}\033[0m" if bold else f"\n== {line}", flush=True)
