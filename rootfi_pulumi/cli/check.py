"""`rootfi-pulumi check`: finds mistakes in stack files."""

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
        typer.Option("--json", help="Print a JSON list of {file, line, message}."),
    ] = False,
) -> None:
    """Find mistakes in stack files. Requires neither Pulumi nor a network.

    Finds plain secrets, every mistake in the declaration, and ids that two of the files adopt.

        rootfi-pulumi check stacks/*.yaml

    Prints a line for each mistake: file:line: message. Exit codes: 0 no mistakes; 1 mistakes; 2 usage error,
    or a file cannot be read.
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
