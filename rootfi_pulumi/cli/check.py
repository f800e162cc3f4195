"""`rootfi-pulumi check`: finds mistakes in stack files."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from rootfi_pulumi.console.hanging import hang
from rootfi_pulumi.declaration.plain_secrets import is_encrypted
from rootfi_pulumi.declaration.settings import INTEGRATIONS
from rootfi_pulumi.declaration.stack_file import StackFile

if TYPE_CHECKING:
    from rootfi_pulumi.declaration.stack_mistakes import Located


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

    Prints a line for each mistake: file:line: message. A terminal also gets a count.

    Exit codes: 0 no mistakes; 1 mistakes; 2 usage error,
    or a file cannot be read.
    """
    # Imported here so that the other commands start without pydantic.
    from rootfi_pulumi.declaration.shared_adoptions import mistakes_in_files  # noqa: PLC0415

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
        _show(by_file, Console())
    raise typer.Exit(1 if found else 0)


def _show(by_file: "Mapping[Path, Sequence[Located]]", console: Console) -> None:
    """Print the mistakes; a terminal also gets wrapped lines and a last line with the count."""
    lines = [
        line
        for path, problems in by_file.items()
        for problem in problems
        for line in _lines(f"{path}:{problem.line}:", problem.message, console)
    ]
    if console.is_terminal:
        lines += [Text(), _summary(by_file)] if lines else [_summary(by_file)]
    for line in lines:
        console.print(line, soft_wrap=True, highlight=False)


def _lines(place: str, message: str, console: Console) -> Iterator[Text]:
    width = console.width if console.is_terminal else None
    first, *rest = hang(f"{place} {message}", width, rest="    ")
    yield Text.assemble((place, "bold red"), first.removeprefix(place))
    yield from map(Text, rest)


def _summary(by_file: "Mapping[Path, Sequence[Located]]") -> Text:
    files = _count(len(by_file), "file")
    if mistakes := sum(map(len, by_file.values())):
        wrong = sum(map(bool, by_file.values()))
        return Text(f"{_count(mistakes, 'mistake')} in {wrong} of {files}", "bold red")
    declared = [StackFile.read(path).config.get(INTEGRATIONS.key, {}) for path in by_file]
    integrations = sum(len(each) for each in declared if isinstance(each, dict) and not is_encrypted(each))
    encrypted = sum(map(is_encrypted, declared))
    more = f"; those of {_count(encrypted, 'file')} are encrypted and not checked" if encrypted else ""
    return Text(f"{files}, {_count(integrations, 'integration')}: no mistakes{more}", "green")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
