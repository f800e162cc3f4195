"""`rootfi-pulumi emulator`: serves RootFi's endpoints on this machine."""

import typer


def emulator(context: typer.Context) -> None:
    """Serve RootFi's integrations endpoints on this machine."""
    from rootfi_pulumi.emulator.__main__ import main  # noqa: PLC0415 (defines its options and help with argparse)

    raise typer.Exit(main(context.args, prog=context.command_path))
