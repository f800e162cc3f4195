"""`rootfi-pulumi doctor`: checks what a run needs, and says how to fix what is wrong."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from rootfi_pulumi.cli.progress import track
from rootfi_pulumi.cli.stack_names import check_stack_option


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

    Prints a line for each check, the problems last: ok; note (does not affect this stack's next run, such as
    a mistake in another stack's file); not checked; or problem. Below the problems that share a remedy are
    that remedy and, after $, a command to paste.

    Exit codes: 0 ok or notes only; 1 a problem, or a check that could not be made; 2 usage error.
    """
    check_stack_option(stack)
    # Imported here so that the other commands start without Pulumi and HTTP.
    from rootfi_pulumi.cli.doctor.examination import Examination  # noqa: PLC0415
    from rootfi_pulumi.cli.doctor.finding import say_once  # noqa: PLC0415 (as above)

    steps = Examination(Path.cwd(), stack).steps
    findings = say_once([finding for step in track(steps, "checking") for finding in step()])
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        from rich.console import Console  # noqa: PLC0415 (as above)

        from rootfi_pulumi.cli.doctor.presentation import show  # noqa: PLC0415 (as above)

        show(findings, Console())
    raise typer.Exit(int(any(finding.is_failure for finding in findings)))
