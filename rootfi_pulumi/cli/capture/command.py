"""`rootfi-pulumi capture`: writes existing integrations into a stack's file or as a program."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rootfi_pulumi.api.models import GREATEST_ID
from rootfi_pulumi.cli.progress import track
from rootfi_pulumi.cli.stack_names import check_stack_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from rootfi_pulumi.cli.capture.captured import Captured
    from rootfi_pulumi.cli.capture.transaction import Capture


class Form(StrEnum):
    """What to write."""

    DECLARATION = "declaration"
    PYTHON = "python"


def _rootfi_id(text: str) -> int:
    # Python refuses to convert thousands of digits.
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(GREATEST_ID))
    if not (is_number and 1 <= int(text) <= GREATEST_ID):
        raise typer.BadParameter(f"'{text}' is not a whole number from 1 to {GREATEST_ID}")
    return int(text)


_Ids = Annotated[
    list[int],
    typer.Argument(help="The rootfi_id of each integration.", metavar="ID", parser=_rootfi_id),
]
_Stack = Annotated[
    str | None, typer.Option(help="Stack to write to.", metavar="NAME", show_default="the selected one")
]
_Name = Annotated[
    str | None,
    typer.Option(
        help="Name of the entry, for a single ID.",
        metavar="NAME",
        show_default="its type, such as zoho-books",
    ),
]
_FromEnv = Annotated[
    bool, typer.Option("--from-env", help="Take every secret from an environment variable; store none.")
]
_Form = Annotated[
    Form,
    typer.Option("--format", help="Entries in the stack's file, or a Python program on standard output."),
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the result; write nothing to a file.")]
_AsJson = Annotated[
    bool,
    typer.Option(
        "--json", help="Print a JSON object {file, written, integrations, variables}, and program for python."
    ),
]


def capture(  # noqa: PLR0913 (a parameter for each option)
    ids: _Ids,
    *,
    stack: _Stack = None,
    name: _Name = None,
    from_env: _FromEnv = False,
    form: _Form = Form.DECLARATION,
    dry_run: _DryRun = False,
    as_json: _AsJson = False,
) -> None:
    """Write existing integrations into a stack's file or a program. One `pulumi up` then adopts them.

    Reads each integration with the stack's API key and base URL, and adds an entry with `adopt` to the file,
    which otherwise stays unchanged. Pulumi encrypts the secrets; a secret that RootFi does not show is taken
    from an environment variable. Reads and checks everything before it writes anything.

        rootfi-pulumi capture 1234 1235 --stack dev && pulumi up --stack dev

    For a program of your own, --format python prints a RootFiIntegration with `adopt` for each. The stack's
    file then gets only the secrets, as config that the program reads.

        rootfi-pulumi capture 1234 --format python >> __main__.py

    Exit codes: 0 done; 1 failed, nothing was written; 2 usage error.
    """
    check_stack_option(stack)
    if name and len(set(ids)) > 1:
        raise typer.BadParameter("requires a single ID", param_hint="--name")
    wanted = list(dict.fromkeys(ids))

    def plan(capturing: "Capture") -> "Captured":
        planned = capturing.plan_program if form is Form.PYTHON else capturing.plan
        return planned(wanted, name=name, from_env=from_env)

    captured, stack = _capture(plan, stack, dry_run=dry_run)
    if as_json:
        typer.echo(json.dumps(_row(captured, dry_run=dry_run), indent=2, ensure_ascii=False))
    elif captured.program is not None:
        _print_program(captured.program, captured, stack, dry_run=dry_run)
    else:
        _print(captured, stack, dry_run=dry_run)


def _capture(
    plan: "Callable[[Capture], Captured]", stack: str | None, *, dry_run: bool
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
        captured = plan(capturing)
        if not dry_run:
            capturing.write(captured)
    except (CaptureError, ProjectError, PulumiError, SettingsError, RootFiError) as error:
        for line in str(error).splitlines():
            _say(line)
        raise typer.Exit(1) from None
    return captured, stack


def _say(line: str) -> None:
    typer.echo(f"rootfi-pulumi capture: {line}", err=True)


def _row(captured: "Captured", *, dry_run: bool) -> dict[str, Any]:
    row = {
        "file": str(captured.path),
        "written": bool(captured.config()) and not dry_run,
        "integrations": captured.declarations,
        "variables": captured.variables,
    }
    return row if captured.program is None else row | {"program": captured.program}


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
    _print_steps(captured, stack, err=False)


def _print_program(program: str, captured: "Captured", stack: str, *, dry_run: bool) -> None:
    """Print it; all else goes to standard error, so that standard output can be redirected to a file."""
    typer.echo(program, nl=False)
    if dry_run:
        return
    for key in captured.config():
        typer.echo(f"{key}: encrypted and written to {captured.path}", err=True)
    _print_steps(captured, stack, err=True)


def _print_steps(captured: "Captured", stack: str, *, err: bool) -> None:
    if captured.variables:
        typer.echo(f"Set these variables where Pulumi runs: {', '.join(captured.variables)}", err=err)
    typer.echo(f"Then run:\npulumi up --stack {stack}", err=err)
