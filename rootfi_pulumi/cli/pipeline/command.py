"""`rootfi-pulumi pipeline`: prints, writes or checks the pipeline of a repository."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rootfi_pulumi.cli.pipeline.options import DEFAULT_CRON, DEFAULT_PYTHON, Forge, Options, PipelineError

if TYPE_CHECKING:
    from rootfi_pulumi.cli.pipeline.rendering import Plan

_Forge = Annotated[
    Forge,
    typer.Argument(help="Where the pipeline runs: github or gitlab.", metavar="FORGE", show_default=False),
]
_Check = Annotated[
    bool, typer.Option("--check", help="Fail if the committed file is stale; its options are those in it.")
]
_Write = Annotated[
    bool, typer.Option("--write", help="Write the file instead of printing it; the usual way.")
]
_Stack = Annotated[
    list[str] | None,
    typer.Option(help="Stack to deploy. Repeatable, in order.", metavar="NAME", show_default="every stack"),
]
_Backend = Annotated[
    str,
    typer.Option(
        help="URL of the backend, or its scheme: cloud, s3, postgres, gs, azblob.",
        metavar="URL",
        show_default="PULUMI_BACKEND_URL, else that of Pulumi.yaml, else the current login",
    ),
]
_Branch = Annotated[
    str, typer.Option(help="Branch to deploy.", metavar="NAME", show_default="main; GitLab: the default one")
]
_Python = Annotated[
    str, typer.Option(help="Version of Python.", metavar="VERSION", show_default=DEFAULT_PYTHON)
]
_DriftCron = Annotated[
    str,
    typer.Option(
        help="When to check for drift, in UTC. GitLab has schedules in its settings.",
        metavar="CRON",
        show_default=DEFAULT_CRON,
    ),
]
_Setup = Annotated[
    list[str] | None,
    typer.Option(
        help="Command that installs Pulumi and the packages, instead of the generated steps. Repeatable.",
        metavar="COMMAND",
    ),
]
_Secret = Annotated[
    list[str] | None,
    typer.Option(help="Further secret that the steps need. Repeatable.", metavar="VARIABLE"),
]
_File = Annotated[
    str,
    typer.Option(
        help="Path of the file in the repository.",
        metavar="PATH",
        show_default="the one that the forge reads",
    ),
]


def pipeline(  # noqa: PLR0913 (a parameter for each option)
    forge: _Forge,
    *,
    check: _Check = False,
    write: _Write = False,
    stack: _Stack = None,
    backend: _Backend = "",
    branch: _Branch = "",
    python: _Python = "",
    drift_cron: _DriftCron = "",
    setup: _Setup = None,
    secret: _Secret = None,
    file: _File = "",
) -> None:
    """Write a GitHub or GitLab pipeline for the project's stacks.

    Without `--write`, which is the usual way, it only prints the pipeline. A pipeline previews each pull
    request, deploys what is merged, and checks for drift every night. Each step gets the secrets that its
    stack's file names and no others, and the steps that install packages get none. The first lines of the
    file record the command, so `--check` needs no options.

        rootfi-pulumi pipeline github --write

        rootfi-pulumi pipeline github --check

    Exit codes: 0 done, or up to date; 1 stale; 2 usage error, or a file cannot be read.
    """
    options = _options(stack, backend, branch, python, drift_cron, setup, secret, file)
    if check and (write or replace(options, file="") != Options()):
        raise typer.BadParameter("takes its options from the file", param_hint="--check")
    try:
        raise typer.Exit(_check(forge, file) if check else _print(forge, options, write=write))
    except PipelineError as error:
        _say(f"rootfi-pulumi pipeline: {error}")
        raise typer.Exit(2) from None


def _options(  # noqa: PLR0913, PLR0917 (the options of the command)
    stack: list[str] | None,
    backend: str,
    branch: str,
    python: str,
    drift_cron: str,
    setup: list[str] | None,
    secret: list[str] | None,
    file: str,
) -> Options:
    repeated = tuple(stack or ()), tuple(setup or ()), tuple(secret or ())
    try:
        return Options(repeated[0], backend, branch, python, drift_cron, *repeated[1:], file)
    except PipelineError as error:
        raise typer.BadParameter(str(error)) from None


def _check(forge: Forge, file: str) -> int:
    # Imported here, and below, so that the other commands start fast.
    from rootfi_pulumi.cli.pipeline.committed import compare, why_stale  # noqa: PLC0415

    planned, diff = compare(forge, Path.cwd(), file)
    _warn(planned)
    shown = os.path.relpath(planned.path)
    if not diff:
        typer.echo(f"{shown} is up to date")
        return 0
    typer.echo(diff, nl=False)
    why = "; ".join(why_stale(planned)) or "the project's files have changed"
    _say(f"rootfi-pulumi pipeline: {shown} is stale: {why}. Run")
    _say(planned.update_command)
    return 1


def _warn(planned: "Plan") -> None:
    from rootfi_pulumi.cli.pipeline.warnings import find_warnings  # noqa: PLC0415

    for warning in find_warnings(planned):
        _say(f"rootfi-pulumi pipeline: warning: {warning}")


def _print(forge: Forge, options: Options, *, write: bool) -> int:
    from rootfi_pulumi.cli.pipeline.committed import what_to_set, write_file  # noqa: PLC0415
    from rootfi_pulumi.cli.pipeline.machine import with_backend  # noqa: PLC0415
    from rootfi_pulumi.cli.pipeline.needs import project_backend  # noqa: PLC0415
    from rootfi_pulumi.cli.pipeline.rendering import plan, render_plan  # noqa: PLC0415

    here = Path.cwd()
    chosen = with_backend(options, here, os.environ)
    planned = plan(forge, here, chosen)
    if write:
        _say(f"wrote {write_file(planned)}")
    else:
        typer.echo(render_plan(planned), nl=False)
    if not chosen.backend and not project_backend(planned.project):
        _say("rootfi-pulumi pipeline: no `pulumi login` found, so it is for Pulumi Cloud: see --backend")
    for line in what_to_set(planned) if write else ():
        _say(line)
    _warn(planned)
    return 0


def _say(line: str) -> None:
    typer.echo(line, err=True)
