"""`rootfi-pulumi doctor`: is everything there that a run needs, and what to do where it is not."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rootfi_pulumi.cli.progress import track

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rootfi_pulumi.cli.doctor.finding import Finding

_COLOURS = {"ok": "green", "note": "cyan", "problem": "bold red", "not checked": "yellow"}
_WIDTH = max(map(len, _COLOURS)) + 2


def doctor(
    *,
    stack: Annotated[
        str | None, typer.Option(help="The stack; by default the selected one.", metavar="NAME")
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print a JSON list of {subject, status, message, remedy, command}."),
    ] = False,
) -> None:
    """Look at everything that `pulumi up` of a stack needs, and say what to do where something is wrong.

    The Pulumi command and its language host; the SDK and this package, imported with the Python that Pulumi
    starts (pip, uv, poetry); the backend and the stack; its secrets, decrypted in memory; the API key and
    base URL, by two GETs of an id that cannot exist, one with a made-up key; what interrupted runs left in
    the state; what another stack of the project manages too; secrets in plain text and other mistakes in
    stack files; and missing environment variables. Changes nothing.

        rootfi-pulumi doctor --stack dev

    Prints a line for each: ok; note, which keeps no run of this stack from starting, such as a mistake in
    another stack's file; problem; or not checked. Under a problem is its remedy and, after $, the command to
    paste for it. Exit codes: 0 all is ok or a note; 1 there is a problem, or something that a run needs could
    not be checked; 2 usage error.
    """
    # Only here, so that the other commands start without Pulumi and HTTP.
    from rootfi_pulumi.cli.doctor.examination import Examination  # noqa: PLC0415

    steps = Examination(Path.cwd(), stack).steps
    findings = [finding for step in track(steps, "looking") for finding in step()]
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        _tell(findings)
    raise typer.Exit(int(any(finding.is_failure for finding in findings)))


def _tell(findings: "Sequence[Finding]") -> None:
    from rich.console import Console  # noqa: PLC0415 (as above)
    from rich.text import Text  # noqa: PLC0415 (as above)

    console = Console(soft_wrap=True, highlight=False)
    for finding in findings:
        line = Text(f"{finding.status:<{_WIDTH}}", style=_COLOURS[finding.status])
        line.append(f"{finding.subject}: {finding.message}", style="not bold default")
        console.print(line)
        if finding.remedy:
            console.print(Text(f"{'':<{_WIDTH}}{finding.remedy}{':' if finding.command else ''}"))
        if finding.command:
            console.print(Text(f"{'':<{_WIDTH}}$ {finding.command}", style="bold"))
