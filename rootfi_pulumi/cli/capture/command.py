"""`rootfi-pulumi capture`: existing integrations into a stack's file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rootfi_pulumi.api.models import GREATEST_ID
from rootfi_pulumi.cli.progress import track

if TYPE_CHECKING:
    from rootfi_pulumi.cli.capture.transaction import Captured


def capture(  # noqa: PLR0913 (a parameter for each option)
    ids: Annotated[
        list[int],
        typer.Argument(help="The rootfi_id of each integration.", metavar="ID", min=1, max=GREATEST_ID),
    ],
    *,
    stack: Annotated[
        str | None, typer.Option(help="The stack; by default the selected one.", metavar="NAME")
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help="Name of the entry, for a single ID; by default its type, as zoho-books."),
    ] = None,
    from_env: Annotated[
        bool,
        typer.Option("--from-env", help="Declare every secret as an environment variable; store none."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the entries, and write nothing.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON object {file, written, integrations, variables}.")
    ] = False,
) -> None:
    """Take existing integrations into a stack's file, so that one `pulumi up` adopts them.

    Reads each by its id, with the stack's own key and address, and writes its declaration, with `adopt`, into
    the stack's file, which otherwise stays as it is. Pulumi encrypts the secrets; a secret that RootFi does
    not show is declared as an environment variable. All is read and checked before anything is written.

        rootfi-pulumi capture 1234 1235 --stack dev && pulumi up --stack dev

    Exit codes: 0 done, 1 nothing was written, for the reasons told, 2 the command was given wrong.
    """
    if name and len(set(ids)) > 1:
        raise typer.BadParameter("names a single integration: give one ID", param_hint="--name")
    # Only here, so that the other commands start without Pulumi and HTTP.
    from rootfi_pulumi.api.errors import RootFiError  # noqa: PLC0415
    from rootfi_pulumi.cli.capture.entries import CaptureError  # noqa: PLC0415
    from rootfi_pulumi.cli.capture.transaction import Capture  # noqa: PLC0415
    from rootfi_pulumi.declaration.settings import SettingsError  # noqa: PLC0415
    from rootfi_pulumi.project.project import Project, ProjectError  # noqa: PLC0415
    from rootfi_pulumi.project.pulumi_cli import PulumiError  # noqa: PLC0415

    try:
        project = Project.find(Path.cwd())
        stack = stack or project.selected_stack()
        capturing = Capture(project, stack, progress=track, say=_say)
        captured = capturing.plan(list(dict.fromkeys(ids)), name=name, from_env=from_env)
        if not dry_run:
            capturing.write(captured)
    except (CaptureError, ProjectError, PulumiError, SettingsError, RootFiError) as error:
        for line in str(error).splitlines():
            _say(line)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(_row(captured, written=not dry_run), indent=2, ensure_ascii=False))
    else:
        _tell(captured, stack, dry_run=dry_run)


def _say(line: str) -> None:
    typer.echo(f"rootfi-pulumi capture: {line}", err=True)


def _row(captured: "Captured", *, written: bool) -> dict[str, Any]:
    return {
        "file": str(captured.path),
        "written": written,
        "integrations": captured.declarations,
        "variables": captured.variables,
    }


def _tell(captured: "Captured", stack: str, *, dry_run: bool) -> None:
    if dry_run:
        from rootfi_pulumi.cli.capture.stack_text import render_members  # noqa: PLC0415 (as above)
        from rootfi_pulumi.declaration.settings import INTEGRATIONS  # noqa: PLC0415 (as above)

        typer.echo(f"# {captured.path}, {INTEGRATIONS.key}:")
        typer.echo(render_members(captured.declarations), nl=False)
        return
    for name, entry in captured.declarations.items():
        typer.echo(f"{name}: integration {entry['adopt']}, {entry['integration_type']}")
    typer.echo(f"{len(captured.declarations)} written to {captured.path}")
    if captured.variables:
        typer.echo(f"set where pulumi runs, before the next step: {', '.join(captured.variables)}")
    typer.echo(f"next: pulumi up --stack {stack}")
