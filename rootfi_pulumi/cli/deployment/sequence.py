"""Runs a step on several stacks in order, and stops at the first that fails."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rootfi_pulumi.cli.deployment.advice import find_advice
from rootfi_pulumi.cli.deployment.event_log import ENVIRONMENT, read_changes
from rootfi_pulumi.cli.deployment.forge import Forge
from rootfi_pulumi.cli.deployment.log import Log
from rootfi_pulumi.cli.deployment.outcome import NO_SUCH_STACK, Outcome, Result
from rootfi_pulumi.cli.deployment.pulumi_process import PulumiProcess
from rootfi_pulumi.cli.deployment.shared_key import describe_shared_key, find_shared_keys
from rootfi_pulumi.cli.deployment.step import Step


def run_in_order(step: Step, stacks: Sequence[str], *, log: Log, forge: Forge) -> Iterator[Outcome]:
    """Run a step on each stack and yield each outcome; after a failure or a signal, run nothing more.

    Raises PulumiError if `pulumi` cannot be run.
    """
    has_failed = False
    shared_keys = find_shared_keys(stacks)
    with PulumiProcess(log) as pulumi:
        for stack in stacks:
            if has_failed or pulumi.is_canceled:
                yield Outcome(stack, Result.NOT_RUN)
                continue
            warning = ""
            if other := shared_keys.get(stack):
                title, text = describe_shared_key(stack, other)
                # Before the stack runs: what it creates in the wrong organisation cannot be deleted there.
                forge.print_warning(title, text)
                warning = f"{title}: {text}"
            with forge.section(f"{step.name} of {stack}", is_foldable=len(stacks) > 1):
                outcome = _run(step, stack, pulumi, log)
            has_failed = outcome.result is Result.FAILED
            yield replace(outcome, warning=warning)


def _run(step: Step, stack: str, pulumi: PulumiProcess, log: Log) -> Outcome:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rootfi-pulumi-") as folder:
        events = Path(folder) / "events"
        args = (*step.args, "--stack", stack, "--event-log", str(events))
        code, output = pulumi.run(*args, environ=ENVIRONMENT)
        changes = read_changes(events, is_preview=not step.is_change)
    if step.checks_creates and code != NO_SUCH_STACK and not pulumi.is_canceled:
        # Imported here, since it loads pydantic, which takes as long as a request.
        from rootfi_pulumi.cli.deployment.unfinished import find_unfinished  # noqa: PLC0415

        for line in find_unfinished(stack):
            log.print(f"rootfi-pulumi {step.name}: {line}")
            output += f"{line}\n"
            code = code or 1
    seconds = round(time.monotonic() - began, 1)
    if code:
        advice = find_advice(stack, code, output, is_canceled=pulumi.is_canceled)
        return Outcome(stack, Result.FAILED, code, seconds, changes, advice, pulumi.is_canceled)
    return Outcome(stack, Result.DONE, code, seconds, changes)
