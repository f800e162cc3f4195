"""The command `rootfi-pulumi`: a module for each subcommand, or a package with its options in `command`.

Runs neither in the Pulumi program nor in the plugin. No other package imports it; `main` starts it.
"""

import sys
from importlib.util import find_spec

from rootfi_pulumi.cli.interrupts import end_at_once


def main() -> None:
    """Run the command, or exit with one line if its dependencies are not installed."""
    if find_spec("typer") is None:
        sys.exit("rootfi-pulumi: typer is not installed: run\npython -m pip install 'rootfi-pulumi[cli]'")
    with end_at_once():
        from rootfi_pulumi.cli.app import run  # noqa: PLC0415 (imports typer)
    run()
