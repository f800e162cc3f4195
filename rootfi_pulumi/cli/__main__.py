"""Run `python -m rootfi_pulumi.cli` as the command `rootfi-pulumi`."""

from rootfi_pulumi.cli import main

main()
