"""`rootfi-pulumi report`: shows the integrations of every environment."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from rootfi_pulumi.cli.report.states import FAILING, State
from rootfi_pulumi.cli.stack_names import check_stack_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rootfi_pulumi.cli.report.matrix import Matrix
    from rootfi_pulumi.cli.report.reading import Reading
    from rootfi_pulumi.declaration.one_organisation import Shared


class Format(StrEnum):
    """The output formats."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"
    HTML = "html"


def _failing(name: str) -> State:
    if name not in FAILING:
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(FAILING)}")
    return State(name)


_Stacks = Annotated[
    list[str] | None,
    typer.Option(
        help="Stack to report on. Repeatable.", metavar="NAME", show_default="every stack with a file"
    ),
]
_Form = Annotated[Format | None, typer.Option("--format", help="Output format.", show_default="table")]
_AsJson = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
_Output = Annotated[
    Path | None,
    typer.Option(help="Write to this file instead of standard output.", metavar="FILE", dir_okay=False),
]
_Wide = Annotated[
    bool, typer.Option("--wide", help="In the table, show types, client ids, ages and all that drifted.")
]
_Refresh = Annotated[bool, typer.Option("--refresh", help="Compare with RootFi to find drift.")]
_FailOn = Annotated[
    list[State] | None,
    typer.Option(
        parser=_failing,
        help=f"Exit with 1 if an integration is in this state: {', '.join(FAILING)}. Repeatable.",
        metavar="STATE",
    ),
]


def report(  # noqa: PLR0913 (a parameter for each option)
    *,
    stack: _Stacks = None,
    form: _Form = None,
    as_json: _AsJson = False,
    wide: _Wide = False,
    output: _Output = None,
    refresh: _Refresh = False,
    fail_on: _FailOn = None,
) -> None:
    """Show the integrations of every environment at a glance. Changes nothing.

    Each is enabled, disabled, missing (declared, not set up), undeclared (set up, not declared), unfinished
    or, with --refresh, drifted. First comes what needs attention, with the command to run, and what two
    stacks share: integrations that both manage, and types that both have with the same API key. --wide adds
    each integration's type, client id and the age of its credential. Reads state through `pulumi`, from any
    backend, without any secret. --refresh requires the API key and the stack's secrets provider.

        rootfi-pulumi report --refresh --fail-on drifted

    Exit codes: 0 done; 1 a stack or its project cannot be read, the file cannot be written, or an integration
    is in a state of --fail-on; 2 usage error.
    """
    check_stack_option(*stack or [])
    wanted = fail_on or []
    if State.DRIFTED in wanted and not refresh:
        raise typer.BadParameter("drifted requires --refresh", param_hint="--fail-on")
    shown_as = _format(form, as_json=as_json)
    if wide and shown_as is not Format.TABLE:
        raise typer.BadParameter(f"is only for tables, not for {shown_as}", param_hint="--wide")
    readings, shared = _read(stack or [], refresh=refresh)
    # Imported late so that the other commands start without Pulumi, and `pulumi` runs meanwhile.
    from rootfi_pulumi.cli.report.failures import has_failed, list_failures  # noqa: PLC0415
    from rootfi_pulumi.cli.report.matrix import build_matrix  # noqa: PLC0415

    shown = build_matrix(readings, datetime.now(UTC), is_refreshed=refresh, shared=shared)
    is_shown = _show(shown, shown_as, output, is_wide=wide)
    for line in list_failures(shown, wanted, is_shown=is_shown):
        _say(line)
    raise typer.Exit(int(has_failed(shown, wanted)))


def _format(form: Format | None, *, as_json: bool) -> Format:
    if as_json and form not in (None, Format.JSON):
        raise typer.BadParameter(f"contradicts --format {form}: use one of them", param_hint="--json")
    return Format.JSON if as_json else form or Format.TABLE


def _read(named: "Sequence[str]", *, refresh: bool) -> "tuple[list[Reading], tuple[Shared, ...]]":
    from rootfi_pulumi.cli.at_once import call_at_once  # noqa: PLC0415 (as above)
    from rootfi_pulumi.cli.report.order import sort_stacks  # noqa: PLC0415 (as above)
    from rootfi_pulumi.cli.report.reading import read_stack  # noqa: PLC0415 (as above)
    from rootfi_pulumi.project.project import Project, ProjectError  # noqa: PLC0415 (as above)

    try:
        project = Project.find(Path.cwd())
    except ProjectError as error:
        _say(str(error))
        raise typer.Exit(1) from None
    stacks = sort_stacks(list(dict.fromkeys(named or project.stack_files())))
    if not stacks:
        _say(f"{project.stack_folder} has no stack files: name a stack with --stack")
        raise typer.Exit(1)
    read = call_at_once(partial(read_stack, project, refresh=refresh), stacks, "reading", is_shown=True)
    readings = [*read.values()]
    from rootfi_pulumi.cli.report.sharing import find_sharing  # noqa: PLC0415 (as above)

    return readings, find_sharing(project, readings, is_shown=True).shared


def _show(shown: "Matrix", form: Format, output: Path | None, *, is_wide: bool) -> bool:
    """Write the report. Return whether it is a table that goes where standard error goes."""
    if not output:
        return _write(shown, form, sys.stdout, is_wide=is_wide)
    try:
        with output.open("w", encoding="utf-8") as file:
            return _write(shown, form, file, is_wide=is_wide)
    except OSError as error:
        _say(f"{output}: {error.strerror}")
        raise typer.Exit(1) from None


def _write(shown: "Matrix", form: Format, file: TextIO, *, is_wide: bool) -> bool:
    # Each format's module is imported only if it is used (as above).
    match form:
        case Format.TABLE:
            from rich.console import Console  # noqa: PLC0415

            from rootfi_pulumi.cli.report.table import print_table  # noqa: PLC0415

            # FORCE_COLOR is for standard output: a file is not read on a terminal.
            is_forced = None if file is sys.stdout else file.isatty()
            console = Console(file=file, force_terminal=is_forced, highlight=False)
            print_table(console, shown, is_wide=is_wide)
        case Format.MARKDOWN:
            from rootfi_pulumi.cli.report.markdown import render_markdown  # noqa: PLC0415

            file.write(render_markdown(shown))
        case Format.JSON:
            from rootfi_pulumi.cli.report.as_json import render_json  # noqa: PLC0415

            file.write(render_json(shown))
        case Format.HTML:
            from rootfi_pulumi.cli.report.html import render_html  # noqa: PLC0415

            file.write(render_html(shown))
    from rootfi_pulumi.cli.report.failures import is_same_place  # noqa: PLC0415 (as above)

    file.flush()
    return form is Format.TABLE and is_same_place(file, sys.stderr)


def _say(line: str) -> None:
    typer.echo(f"rootfi-pulumi report: {line}", err=True)
