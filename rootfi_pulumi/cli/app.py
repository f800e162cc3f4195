"""The command line as a whole: its commands, its help, and how it ends.

A command is a function in a module of its own. Its docstring is its help; what it needs beyond typer it loads
when it runs, so that each command and each completion starts at once.
"""

import os
import sys
from importlib.metadata import PackageNotFoundError, version
from io import TextIOWrapper
from typing import Annotated, NoReturn

import typer

from rootfi_pulumi.cli.capture.command import capture
from rootfi_pulumi.cli.check import check
from rootfi_pulumi.cli.doctor.command import doctor
from rootfi_pulumi.cli.emulator import emulator
from rootfi_pulumi.cli.report.command import report
from rootfi_pulumi.cli.schema import schema

_NAME = "rootfi-pulumi"
_EPILOG = """\
Examples:

    rootfi-pulumi capture 1234 1235 --stack dev

    rootfi-pulumi check stacks/*.yaml

    rootfi-pulumi doctor --stack dev

    rootfi-pulumi emulator --seed-from stacks/Pulumi.dev.yaml

    rootfi-pulumi report --stack dev --stack prod

    rootfi-pulumi schema > stacks/schema.json

Exit codes: 0 done, and nothing is wrong; 1 something is wrong, or it cannot be done here; 2 the command was
given wrong, or a file cannot be read; 130 it was interrupted. What stops a command is one line on standard
error.

Colours and frames are for terminals; a pipe gets plain text, and so does a terminal with NO_COLOR.
"""

app = typer.Typer(
    name=_NAME,
    epilog=_EPILOG,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(capture)
app.command()(check)
app.command()(doctor)
app.command(
    add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True}
)(emulator)
app.command()(report)
app.command()(schema)


def _print_version(wanted: bool) -> None:
    if not wanted:
        return
    try:
        typer.echo(f"{_NAME} {version(_NAME)}")
    except PackageNotFoundError:
        typer.echo(f"{_NAME} of a clone, not installed")
    raise typer.Exit


@app.callback(invoke_without_command=True)
def _group(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """RootFi integrations, declared for each environment in stack files and deployed by `pulumi up`."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


def run() -> NoReturn:
    """Run the command that the arguments name, and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # Where the locale has no such character, a question mark is better than no output.
            stream.reconfigure(errors="replace")
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR"):
        app.rich_markup_mode = "markdown"
    try:
        code = app(prog_name=_NAME, standalone_mode=False)
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        name = context.command_path if context else _NAME
        message = " ".join(error.format_message().split()).rstrip(".")
        typer.echo(f"{name}: {message}: see {name} --help", err=True)
        code = 2
    except typer.Abort:
        typer.echo(f"{_NAME}: stopped at a question", err=True)
        code = 130
    sys.exit(code)
