"""`rootfi-pulumi doctor`: checks what a run needs, and says how to fix what is wrong."""

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
        str | None, typer.Option(help="Stack to check.", metavar="NAME", show_default="the selected one")
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print a JSON list of {subject, status, message, remedy, command}."),
    ] = False,
) -> None:
    """Check everything that `pulumi up` needs. Says how to fix what is wrong, and changes nothing.

    Checks the Pulumi CLI and its language host; the SDK and this package, imported with the Python that
    Pulumi starts (pip, uv, poetry); the backend and the stack; its secrets, decrypted in memory; the API key
    and base URL, by two GETs of an id that cannot exist, one with a made-up key; creates that interrupted
    runs left in the state; integrations that other stacks of the project manage too; plain secrets and other
    mistakes in stack files; and missing environment variables.

        rootfi-pulumi doctor --stack dev

    Prints a line for each check: ok; note (does not affect this stack's next run, such as a mistake in
    another stack's file); problem; or not checked. Below a problem are its remedy and, after $, a command to
    paste. Exit codes: 0 ok or notes only; 1 a problem, or a check that could not be made; 2 usage error.
    """
    # Imported here so that the other commands start without Pulumi and HTTP.
    from rootfi_pulumi.cli.doctor.examination import Examination  # noqa: PLC0415

    steps = Examination(Path.cwd(), stack).steps
    findings = [finding for step in track(steps, "checking") for finding in step()]
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        _print(findings)
    raise typer.Exit(int(any(finding.is_failure for finding in findings)))


def _print(findings: "Sequence[Finding]") -> None:
    from rich.console import Console  # noqa: PLC0415 (as above)
    from rich.text import Text  # noqa: PLC0415 (as above)

    console = Console(soft_wrap=True, highlight=False)
    for finding in findings:
        line = Text(f"{finding.status:<{_WIDTH}}", style=_COLOURS[finding.status])
        line.append(f"{finding.subject}: {finding.message}", style="not bold default")
        console.print(line)
        remedy = f"{finding.remedy}{':' if finding.remedy and finding.command else ''}"
        for step in remedy.splitlines():
            console.print(Text(f"{'':<{_WIDTH}}{step}"))
        if finding.command:
            console.print(Text(f"{'':<{_WIDTH}}$ {finding.command}", style="bold"))
