"""Runs a step on stacks, and prints the log, the summary and what to do after a failure."""

import os
import sys
from collections.abc import Sequence

from rootfi_pulumi.cli.deployment.forge import find_forge
from rootfi_pulumi.cli.deployment.log import Log
from rootfi_pulumi.cli.deployment.outcome import Outcome, Result
from rootfi_pulumi.cli.deployment.sequence import run_in_order
from rootfi_pulumi.cli.deployment.step import Step
from rootfi_pulumi.cli.deployment.summary import describe, render_json, render_markdown
from rootfi_pulumi.project.pulumi_cli import PulumiError

_LOST_OUTPUT = 1
# As in a shell.
_CANNOT_RUN, _INTERRUPTED = 127, 130


def execute(step: Step, stacks: Sequence[str], *, as_json: bool) -> int:
    """Run a step on the stacks in order, and return the exit code.

    Output that cannot be written stops no stack. The end reports it, and fails if nothing else did.
    """
    out, errors = Log(sys.stdout), Log(sys.stderr)
    log = errors if as_json else out
    forge = find_forge(os.environ, log, errors)
    try:
        outcomes = list(run_in_order(step, stacks, log=log, forge=forge))
    except PulumiError as error:
        forge.print_failure(f"rootfi-pulumi {step.name}", str(error))
        return _CANNOT_RUN
    for each in outcomes:
        log.print(describe(step, each))
    forge.add_summary(render_markdown(step, outcomes))
    code = _exit_code(outcomes)
    for each in outcomes:
        if each.advice:
            forge.print_failure(f"{step.name} of {each.stack} failed", each.advice)
    if code == _INTERRUPTED and not any(each.advice for each in outcomes):
        forge.print_failure(f"{step.name} interrupted", "run this again for the stacks that were not run")
    if as_json:
        out.print(render_json(step, outcomes), end="")
    if out.error:
        errors.print(f"rootfi-pulumi: cannot write its output: {out.error.strerror}")
        return code or _LOST_OUTPUT
    return code


def _exit_code(outcomes: Sequence[Outcome]) -> int:
    failed = next((each for each in outcomes if each.result is Result.FAILED), None)
    if failed and failed.exit_code and not failed.is_interrupted:
        return failed.exit_code
    return 0 if all(each.result is Result.DONE for each in outcomes) else _INTERRUPTED
