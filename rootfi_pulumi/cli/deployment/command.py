"""The commands `rootfi-pulumi preview`, `deploy` and `drift`: their options, help and exit codes."""

from typing import TYPE_CHECKING, Annotated

import typer

from rootfi_pulumi.cli.deployment.step import DEPLOY, DRIFT, PREVIEW
from rootfi_pulumi.cli.interrupts import end_at_once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rootfi_pulumi.cli.deployment.step import Step

_Stacks = Annotated[
    list[str], typer.Argument(help="Stacks, in the order in which to run them.", metavar="STACK")
]
_AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print a JSON object {step, stacks}; stacks is a list of {stack, result, exit_code, seconds, "
        "changes, integrations, advice}. Everything else goes to standard error.",
    ),
]


def preview(stacks: _Stacks, *, as_json: _AsJson = False) -> None:
    """Show what a deploy would do to the state and RootFi as they are. Changes nothing.

    Runs `pulumi preview --refresh --run-program --diff` on each stack in order, and stops at the first that
    fails. Ends with a line for each stack and, after a failure, one that says what to do. On GitHub that is
    an annotation, and the step gets a summary.

        rootfi-pulumi preview dev

    Exit codes: 0 done; 1 the output cannot be written; 2 usage error; 127 `pulumi` cannot be run; 130
    interrupted, or 129 or 143 if SIGHUP or SIGTERM came before `pulumi` started; otherwise Pulumi's exit code
    for the stack that failed.
    """
    _run(PREVIEW, stacks, as_json=as_json)


def deploy(stacks: _Stacks, *, as_json: _AsJson = False) -> None:
    """Run `pulumi up` without asking, and correct drift.

    Runs `pulumi up --yes --refresh --run-program --diff` on each stack in order, and stops at the first that
    fails. Ends with a line for each stack and, after a failure, one that says what to do. On GitHub that is
    an annotation, and the step gets a summary.

        rootfi-pulumi deploy dev staging prod

    An interrupt or a termination ends the run after its requests in flight. A second one is ignored, since
    Pulumi would lose track of creates. Variables such as PULUMI_OPTION_PARALLEL=4 set Pulumi's other options.

    Exit codes: 0 done; 1 the output cannot be written; 2 usage error; 127 `pulumi` cannot be run; 130
    interrupted, or 129 or 143 if SIGHUP or SIGTERM came before `pulumi` started; otherwise Pulumi's exit code
    for the stack that failed.
    """
    _run(DEPLOY, stacks, as_json=as_json)


def drift(stacks: _Stacks, *, as_json: _AsJson = False) -> None:
    """Fail if RootFi differs from the declaration. Changes nothing.

    It also fails if the state differs, or if a create in it is unfinished. Runs `pulumi preview --refresh
    --run-program --diff --expect-no-changes`, and looks for unfinished creates in the state, on each stack in
    order; stops at the first that fails. Ends with a line for each stack and, after a failure, one that says
    what to do. On GitHub that is an annotation, and the step gets a summary.

        rootfi-pulumi drift prod --json

    Exit codes: 0 nothing differs; 1 a create is unfinished, or the output cannot be written; 2 usage error; 7
    something differs; 127 `pulumi` cannot be run; 130 interrupted, or 129 or 143 if SIGHUP or SIGTERM came
    before `pulumi` started; otherwise Pulumi's exit code for the stack that failed.
    """
    _run(DRIFT, stacks, as_json=as_json)


def _run(step: "Step", given: "Sequence[str]", *, as_json: bool) -> None:
    with end_at_once():
        # Imported here so that the other commands start without Pulumi.
        from rootfi_pulumi.cli.deployment.execution import execute  # noqa: PLC0415
        from rootfi_pulumi.cli.stack_names import StackNameError, read_stack_names  # noqa: PLC0415

    try:
        stacks = read_stack_names(given)
    except StackNameError as error:
        raise typer.BadParameter(str(error), param_hint="STACK") from None
    raise typer.Exit(execute(step, stacks, as_json=as_json))
