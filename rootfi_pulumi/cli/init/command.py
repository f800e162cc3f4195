"""`rootfi-pulumi init`: writes a deployment repository."""

import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from rootfi_pulumi.cli.doctor.interpreters import Toolchain
from rootfi_pulumi.cli.init.answers import EXAMPLE, Answers, Forge
from rootfi_pulumi.cli.init.questions import Given, answer

_PULUMI = "https://www.pulumi.com/docs/iac/download-install/"
_Folder = Annotated[
    Path, typer.Argument(help="Folder of the new project.", metavar="FOLDER", show_default="the current one")
]
_Name = Annotated[
    str | None, typer.Option(help="Name of the project.", metavar="NAME", show_default="that of the folder")
]
_Stacks = Annotated[
    list[str] | None, typer.Option("--stack", help="Stack, repeatable.", metavar="NAME", show_default="dev")
]
_Backend = Annotated[
    str | None,
    typer.Option(help="URL of the state's backend.", metavar="URL", show_default="that of `pulumi login`"),
]
_Forge = Annotated[Forge | None, typer.Option(help="Where the pipeline runs.", show_default="github")]
_Toolchain = Annotated[
    Toolchain | None,
    typer.Option(help="What installs the packages.", show_default="uv if it is on PATH, else pip"),
]
_Package = Annotated[
    str | None,
    typer.Option(
        help="Requirement of this package.",
        metavar="REQUIREMENT",
        show_default="the version or commit that is running",
    ),
]
_Yes = Annotated[bool, typer.Option("--yes", help="Use the defaults without asking.")]


def init(  # noqa: PLR0913 (a parameter for each option)
    folder: _Folder = Path(),
    *,
    name: _Name = None,
    stack: _Stacks = None,
    backend: _Backend = None,
    forge: _Forge = None,
    toolchain: _Toolchain = None,
    package: _Package = None,
    yes: _Yes = False,
) -> None:
    """Write a deployment repository of your own.

    It has a Pulumi project, stack files, a pipeline and a README. On a terminal it asks for what no option
    gives. Writes all files or, if one of them exists already, none.

        rootfi-pulumi init integrations

    Exit codes: 0 done; 1 failed, nothing was written; 2 usage error.
    """
    given = Given(name, stack, backend, forge, toolchain, package)
    repository, project = _place(folder)
    asking = sys.stdin.isatty() and not yes
    if asking:
        _check_free(folder)
    answers = answer(given, (repository / project).name, asking=asking)
    _print_next(folder, answers, _write(repository, project, answers))
    if answers.warning:
        _say(f"warning: {answers.warning}.")
        _say("Or change the requirement in the project, or begin again with --package, such as")
        typer.echo(f"  --package '{EXAMPLE}'", err=True)


def _place(folder: Path) -> tuple[Path, str]:
    """Return the repository's root and the project's folder in it; exit with 1 if the folder is unusable."""
    # Imported here so that the other commands start fast.
    from rootfi_pulumi.cli.init.repository import place  # noqa: PLC0415

    try:
        return place(folder)
    except OSError as error:
        _fail(
            f"cannot use the folder {folder}: {error.strerror}", "nothing was written: choose another folder"
        )


def _check_free(folder: Path) -> None:
    """Exit with 1 if a file is in the way whatever the answers are, before someone gives them."""
    from rootfi_pulumi.cli.init.rendering import fixed_paths  # noqa: PLC0415
    from rootfi_pulumi.cli.init.writing import InTheWayError, check_free  # noqa: PLC0415

    try:
        check_free(folder, fixed_paths())
    except InTheWayError as error:
        _fail_in_the_way(folder, error.paths)


def _write(repository: Path, project: str, answers: Answers) -> Sequence[str]:
    """Write the files and return their paths; exit with 1 if that is impossible."""
    from rootfi_pulumi.cli.init.rendering import ALSO_IN_THE_WAY, HOOK, render  # noqa: PLC0415
    from rootfi_pulumi.cli.init.writing import InTheWayError, write_all  # noqa: PLC0415
    from rootfi_pulumi.cli.pipeline.options import PipelineError  # noqa: PLC0415

    try:
        files = render(answers, project)
        if project and (repository / HOOK).exists():
            # The repository has other projects; this is the one file that they share.
            del files[HOOK]
            check = f"{shlex.quote(f'{project}.venv/bin/rootfi-pulumi')} check"
            _say(f"{_shown(repository / HOOK)} exists: add a hook that runs {check}")
        write_all(repository, files, [f"{project}{name}" for name in ALSO_IN_THE_WAY])
    except InTheWayError as error:
        _fail_in_the_way(repository, error.paths, project)
    except PipelineError as error:
        _fail(f"{error}: nothing was written")
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}: nothing was written")
    return [_shown(repository / path) for path in sorted(files)]


def _fail_in_the_way(folder: Path, paths: Sequence[str], project: str = "") -> NoReturn:
    lines = [f"{_shown(folder / path)} exists" for path in paths]
    if project and not any(path.startswith(project) for path in paths):
        # Another project's pipeline, and each needs a file of its own.
        _fail(*lines, "nothing was written: give --forge none, then write the pipeline to another --file")
    _fail(*lines, "nothing was written: choose another folder, or move these files away")


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        _say(line)
    raise typer.Exit(1)


def _say(line: str) -> None:
    typer.echo(f"rootfi-pulumi init: {line}", err=True)


def _shown(path: Path) -> str:
    """Return a path as it is from here, or from the root if there is no way from here."""
    try:
        return os.path.relpath(path)
    except (OSError, ValueError):  # the current folder was deleted; on Windows, it is on another drive
        return str(path)


def _print_next(folder: Path, answers: Answers, written: Sequence[str]) -> None:
    typer.echo(f"wrote {len(written)} files:")
    for path in written:
        typer.echo(f"  {path}")
    if answers.toolchain is not Toolchain.PIP and not shutil.which(answers.toolchain):
        typer.echo(f"PATH has no {answers.toolchain}: install it, as README.md says")
    if not shutil.which("pulumi"):
        typer.echo(f"PATH has no pulumi: install it from {_PULUMI}")
    there = _shown(folder)
    change = "" if there == "." else f"cd {shlex.quote(there)} && "
    typer.echo(f"README.md has the next steps. The first is\n{change}pulumi install")
