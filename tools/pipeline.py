"""Run a step of a deployment pipeline without prompts: preview, deploy, or check one stack for drift.

pipeline.py preview STACK   show what a deploy would do to the state and RootFi as they are; change nothing
pipeline.py deploy STACK    pulumi up, which also corrects drift
pipeline.py drift STACK     preview; fail if there is anything to do, or a create is unfinished

What Pulumi prints is passed on. After a failure the last line says what to do next. On GitHub it is an
annotation, so the run's page shows it as well as the log.

See https://www.pulumi.com/docs/iac/cli/exit-codes/
"""

import argparse
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from rootfi_pulumi.cli.report.states import OCCURRENCE, State  # noqa: E402 (found through the line above)
from rootfi_pulumi.provider.phrases import (  # noqa: E402 (the same)
    DIFFERS,
    ENDS_AT_ONCE,
    ENGINE_NOT_FOUND,
    INTERRUPTED_RUN,
    MAY_EXIST,
    NOT_CREATED,
    NOT_DISABLED,
)

# --refresh alone uses the key of the last run, which the state holds; --run-program uses the current one.
LOOK_FIRST = ("--refresh", "--run-program", "--diff")
STEPS = {
    "preview": ("preview", *LOOK_FIRST),
    "deploy": ("up", "--yes", *LOOK_FIRST),
    "drift": ("preview", *LOOK_FIRST, "--expect-no-changes"),
}
NO_SUCH_STACK, UNEXPECTED_CHANGES = 6, 7

# Words of Pulumi's engine and CLI, with 3.274.1.
ENGINE_LOCKED = "currently locked by"
ENGINE_CANCELED = "update canceled"

UNFINISHED = OCCURRENCE.format(name="", state=State.UNFINISHED, where="").strip()
"""The fixed part of the report's line for an unfinished create."""

REMEDIES = {
    ENGINE_NOT_FOUND: """
        before you run this job again, look in RootFi for each integration that the log names""",
    ENDS_AT_ONCE: """
        the provider was killed during the creates that the log names, and the run ended. Run
        `pulumi cancel --stack {stack}`, then this job again, which lists the steps""",
    ENGINE_LOCKED: """
        another run holds the stack, or was killed. If none is in progress, run
        `pulumi cancel --stack {stack}`, then this job again""",
    f"{NOT_CREATED}: {INTERRUPTED_RUN}": """
        an earlier run was killed while creating {names}, so RootFi may have it: follow the steps in the
        log""",
    MAY_EXIST: """
        RootFi may or may not have created {names}: follow the steps in the log""",
    NOT_DISABLED: """
        {names} was created, but not disabled: run this job again""",
    DIFFERS: """
        {names} is adopted, but differs from the declaration: run this job again to apply it""",
    UNFINISHED: """
        RootFi may or may not have {names}, since a run was killed:
        `rootfi-pulumi doctor --stack {stack}` lists the steps""",
    ENGINE_CANCELED: """
        the run was canceled, and ended after the requests in flight: run this job again""",
}
"""What to do after each message; if several were printed, the first in this order counts."""


def main() -> None:
    """Run the step; the exit code is Pulumi's."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("stack")
    options = parser.parse_args()
    if not options.stack:
        sys.exit(f"which stack? make {options.step} STACK=dev")
    code, output = pulumi(*STEPS[options.step], "--stack", options.stack)
    if options.step == "drift":
        # A preview only warns of an unfinished create, and does not mention one that was killed.
        unfinished, reported = report(options.stack)
        code, output = code or unfinished, output + reported
    if code:
        print_last(f"{options.step} of {options.stack} failed", advice(options.stack, code, output))
    sys.exit(code)


def pulumi(*args: str) -> tuple[int, str]:
    """Run `pulumi`, passing on what it prints; return its exit code and that text."""
    with subprocess.Popen(
        ["pulumi", *args, "--non-interactive"],
        env=environ(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # Pulumi must get a signal once: the second one kills it
    ) as process:
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, lambda *_: process.send_signal(signal.SIGINT))
        lines = []
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines)


def report(stack: str) -> tuple[int, str]:
    """Report unfinished creates in the state; return the exit code and what was printed."""
    command = [
        sys.executable,
        "-m",
        "rootfi_pulumi.cli",
        "report",
        "--stack",
        stack,
        "--fail-on",
        "unfinished",
    ]
    done = subprocess.run(
        [*command, "--output", os.devnull], env=environ(), stderr=subprocess.PIPE, text=True, check=False
    )
    print(done.stderr, end="", file=sys.stderr)
    return done.returncode, done.stderr


def environ() -> dict[str, str]:
    """Return the environment with the project's Pulumi on PATH."""
    install: list[str | Path] = [sys.executable, HERE / "pulumi" / "install.py"]
    folder = subprocess.run(install, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
    return os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def advice(stack: str, code: int, output: str) -> str:
    """Return what to do after a failure, in one line."""
    if code == NO_SUCH_STACK:
        return f"the backend has no stack {stack}: run `pulumi stack init {stack}` once (docs/pipelines.md)"
    for phrase, remedy in REMEDIES.items():
        if phrase in output:
            text = remedy.format(stack=stack, names=find_names(phrase, output))
            return f"{' '.join(text.split())} (docs/recovery.md)"
    if code == UNEXPECTED_CHANGES:
        remedy = "deploy again, or declare what RootFi has"
        return f"RootFi differs from the declaration: {remedy} (docs/pipelines.md)"
    return f"see the errors in the log; `rootfi-pulumi doctor --stack {stack}` finds what is missing"


def find_names(phrase: str, output: str) -> str:
    """Return the names before a phrase: `xero: RootFi may …`, `xero is unfinished …`."""
    found = dict.fromkeys(re.findall(rf"(?<!\S)([^\s:]+):? {re.escape(phrase)}", output))
    return " and ".join(found) or "it"


def print_last(title: str, text: str) -> None:
    """Print the last line."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        print(f"::error title={title}::{text}")
    else:
        print(f"{title}: {text}", file=sys.stderr)


if __name__ == "__main__":
    main()
