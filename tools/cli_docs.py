"""Writes docs/cli.md from the command's help: `python tools/cli_docs.py > docs/cli.md`."""

import sys
from pathlib import Path

from typer.main import get_group
from typer.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parents[1]))

from rootfi_pulumi.cli.app import app

INTRODUCTION = """\
# The command `rootfi-pulumi`

`python -m pip install 'rootfi-pulumi[cli]'` installs it; `rootfi-pulumi emulator` also needs the extra
`emulator`. In a clone, run `.venv/bin/rootfi-pulumi` instead. `rootfi-pulumi
--install-completion` sets up completion in your shell.

This is the output of `--help`."""


def main() -> None:
    """Print the page."""
    names = [(), *((name,) for name in get_group(app).commands)]
    print("\n\n".join([INTRODUCTION, *map(section, names)]))


def section(command: tuple[str, ...]) -> str:
    """Return a subcommand's heading and help, or only the help if `command` is empty."""
    shown = CliRunner().invoke(
        app, [*command, "--help"], prog_name="rootfi-pulumi", env={"COLUMNS": "80"}, catch_exceptions=False
    )
    heading = [f"## {name}\n" for name in command]
    line = " ".join(["rootfi-pulumi", *command, "--help"])
    return "\n".join([*heading, "```console", f"$ {line}", shown.output.strip(), "```"])


if __name__ == "__main__":
    main()
