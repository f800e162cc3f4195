"""The command `rootfi-pulumi`: it starts here, also where the libraries that it needs are missing."""

import sys
from importlib.util import find_spec


def main() -> None:
    """Run the command, or say in one line what it needs."""
    if find_spec("typer") is None:
        sys.exit("rootfi-pulumi: the command needs typer: python -m pip install 'rootfi-pulumi[cli]'")
    from rootfi_pulumi.commands.app import run  # noqa: PLC0415 (only now is it certain that it can be)

    run()


if __name__ == "__main__":
    main()
