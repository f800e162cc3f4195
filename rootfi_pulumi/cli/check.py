"""`rootfi-pulumi check`: what is wrong in stack files."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from rootfi_pulumi.declaration.shared_adoptions import mistakes_in_files


def check(
    files: Annotated[
        list[Path],
        typer.Argument(help="Stack files, such as stacks/Pulumi.dev.yaml.", metavar="FILE"),
    ],
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print a JSON list of {file, line, message} instead of lines."),
    ] = False,
) -> None:
    """Find what is wrong in stack files, before Pulumi is asked.

    Secrets in plain text, every mistake in the declaration, and an id that two of the files adopt. Needs no
    Pulumi and no network.

        rootfi-pulumi check stacks/*.yaml

    Prints a line for each mistake, file:line: message. Exit codes: 0 nothing is wrong, 1 something is,
    2 the command was given wrong or a file cannot be read.
    """
    try:
        by_file = mistakes_in_files(files)
    except OSError as error:
        typer.echo(f"rootfi-pulumi check: {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    found = [(str(path), problem) for path, problems in by_file.items() for problem in problems]
    if as_json:
        rows = [{"file": file, "line": problem.line, "message": problem.message} for file, problem in found]
        typer.echo(json.dumps(rows, indent=2))
    else:
        terminal = Console(soft_wrap=True)
        for file, problem in found:
            terminal.print(Text.assemble((f"{file}:{problem.line}:", "bold red"), f" {problem.message}"))
    raise typer.Exit(1 if found else 0)
