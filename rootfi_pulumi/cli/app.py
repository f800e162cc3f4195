"""The Typer app: its subcommands, its help and its exit codes.

A subcommand is a function whose docstring is its help. It imports what it needs beyond Typer when it runs, so
that every other command and shell completion start fast.
"""

import errno
import os
import sys
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from rootfi_pulumi.cli.capture.command import capture
from rootfi_pulumi.cli.check import check
from rootfi_pulumi.cli.commands import Command, Group, describe
from rootfi_pulumi.cli.deployment.command import deploy, drift, preview
from rootfi_pulumi.cli.doctor.command import doctor
from rootfi_pulumi.cli.emulator import emulator
from rootfi_pulumi.cli.init.command import init
from rootfi_pulumi.cli.pipeline.command import pipeline
from rootfi_pulumi.cli.report.command import report
from rootfi_pulumi.cli.schema import schema

_NAME = "rootfi-pulumi"
_EPILOG = """\
Examples:
  rootfi-pulumi capture 1234 1235 --stack dev
  rootfi-pulumi check stacks/*.yaml
  rootfi-pulumi deploy dev staging prod
  rootfi-pulumi doctor --stack dev
  rootfi-pulumi drift prod
  rootfi-pulumi emulator --seed-from stacks/Pulumi.dev.yaml
  rootfi-pulumi init integrations
  rootfi-pulumi pipeline github --write
  rootfi-pulumi preview dev
  rootfi-pulumi report --stack dev --stack prod
  rootfi-pulumi schema > stacks/schema.json

Exit codes: 0 success, nothing is wrong; 1 failure, or something is wrong; 2 usage error, or a file cannot be
read; 130 interrupted. Errors go to standard error, one line each.

Colours are only for terminals. Set NO_COLOR to turn them off.
"""

app = typer.Typer(
    name=_NAME,
    cls=Group,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command(cls=Command)(capture)
app.command(cls=Command)(check)
app.command(cls=Command)(deploy)
app.command(cls=Command)(doctor)
app.command(cls=Command)(drift)
app.command(
    cls=Command,
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)(emulator)
app.command(cls=Command)(init)
app.command(cls=Command)(pipeline)
app.command(cls=Command)(preview)
app.command(cls=Command)(report)
app.command(cls=Command)(schema)


def _print_version(wanted: bool) -> None:
    if not wanted:
        return
    try:
        typer.echo(f"{_NAME} {version(_NAME)}")
    except PackageNotFoundError:
        typer.echo(f"{_NAME}, not installed (run from a clone)")
    raise typer.Exit


@app.callback(invoke_without_command=True)
def _group(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Manage RootFi integrations that stack files declare and `pulumi up` deploys."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


def run() -> NoReturn:
    """Run the command line and exit the process with its exit code."""
    for name in ("stdout", "stderr"):
        # It is None if whoever started the command closed it.
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (until the end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # Print a question mark for a character that the locale's encoding lacks, rather than fail.
            stream.reconfigure(errors="replace")
    try:
        code = app(prog_name=_NAME, standalone_mode=False)
        sys.stdout.flush()
    except OSError as error:
        code = _end_output(error)
    except typer.TyperException as error:
        typer.echo(describe(error, _NAME), err=True)
        code = 2
    except typer.Abort:
        typer.echo(f"{_NAME}: aborted at a prompt", err=True)
        code = 130
    sys.exit(code)


def _end_output(error: OSError) -> int:
    """Return the exit code of a full disk or a limit, which it reports, or a closed pipe. Raises others."""
    if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EPIPE}:
        raise error
    # Python would try to write the rest when it exits.
    with suppress(OSError, ValueError), Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    if error.errno != errno.EPIPE:
        typer.echo(f"{_NAME}: cannot write {error.filename or 'its output'}: {error.strerror}", err=True)
    return 1
