"""The command `rootfi-pulumi`: a module or a package for each subcommand, with its options and its work.

Runs neither in the Pulumi program nor in the plugin, and nothing outside imports it. It starts here, also
where a library that it needs is missing.
"""

import sys
from importlib.util import find_spec


def main() -> None:
    """Run the command, or say in one line what it needs."""
    if find_spec("typer") is None:
        sys.exit("rootfi-pulumi: the command needs typer: python -m pip install 'rootfi-pulumi[cli]'")
    from rootfi_pulumi.cli.app import run  # noqa: PLC0415 (only now is it certain that it can be)

    run()
