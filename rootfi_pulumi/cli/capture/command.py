"""`rootfi-pulumi capture`: writes existing integrations into a stack's file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rootfi_pulumi.api.models import GREATEST_ID
from rootfi_pulumi.cli.progress import track

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rootfi_pulumi.cli.capture.transaction import Captured

_Ids = Annotated[
    list[int],
    typer.Argument(help="The rootfi_id of each integration.", metavar="ID", min=1, max=GREATEST_ID),
]
_Stack = Annotated[
    str | None, typer.Option(help="Stack to write to.", metavar="NAME", show_default="the selected one")
]
_Name = Annotated[
    str | None,
    typer.Option(help="Name of the entry, for a single ID.", show_default="its type, such as zoho-books"),
]
_FromEnv = Annotated[
    bool, typer.Option("--from-env", help="Take every secret from an environment variable; store none.")
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the entries without writing them.")]
_AsJson = Annotated[
    bool, typer.Option("--json", help="Print a JSON object {file, written, integrations, variables}.")
]


def capture(  # noqa: PLR0913 (a parameter for each option)
    ids: _Ids,
    *,
    stack: _Stack = None,
    name: _Name = None,
    from_env: _FromEnv = False,
    dry_run: _DryRun = False,
    as_json: _AsJson = False,
) -> None:
    """Write existing integrations into a stack's file, so that one `pulumi up` adopts them.

    Reads each integration with the stack's API key and base URL, and adds an entry with `adopt` to the file,
    which otherwise stays unchanged. Pulumi encrypts the secrets; a secret that RootFi does not show is taken
    from an environment variable. Reads and checks everything before it writes anything.

        rootfi-pulumi capture 1234 1235 --stack dev && pulumi up --stack dev

    Exit codes: 0 done; 1 failed, nothing was written; 2 usage error.
    """
    if name and len(set(ids)) > 1:
        raise typer.BadParameter("requires a single ID", param_hint="--name")
    captured, stack = _capture(list(dict.fromkeys(ids)), stack, name, from_env=from_env, dry_run=dry_run)
    if as_json:
        typer.echo(json.dumps(_row(captured, written=not dry_run), indent=2, ensure_ascii=False))
    else:
        _print(captured, stack, dry_run=dry_run)


def _capture(
    ids: "Sequence[int]", stack: str | None, name: str | None, *, from_env: bool, dry_run: bool
) -> "tuple[Captured, str]":
    # Imported here so that the other commands start without Pulumi and HTTP.
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
        captured = capturing.plan(ids, name=name, from_env=from_env)
        if not dry_run:
            capturing.write(captured)
    except (CaptureError, ProjectError, PulumiError, SettingsError, RootFiError) as error:
        for line in str(error).splitlines():
            _say(line)
        raise typer.Exit(1) from None
    return captured, stack


def _say(line: str) -> None:
    typer.echo(f"rootfi-pulumi capture: {line}", err=True)


def _row(captured: "Captured", *, written: bool) -> dict[str, Any]:
    return {
        "file": str(captured.path),
        "written": written,
        "integrations": captured.declarations,
        "variables": captured.variables,
    }


def _print(captured: "Captured", stack: str, *, dry_run: bool) -> None:
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
        typer.echo(f"Set these variables where Pulumi runs: {', '.join(captured.variables)}")
    typer.echo(f"Then run:\npulumi up --stack {stack}")
