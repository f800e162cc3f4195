"""The steps of a deployment pipeline: preview, deploy or check one stack for drift, with nobody there to ask.

pipeline.py preview STACK   what a deploy would do, by the state and RootFi as they are now; changes nothing
pipeline.py deploy STACK    pulumi up; what other hands changed at RootFi is put right, too
pipeline.py drift STACK     preview, which fails if there is anything to do, or anything that nobody knows

What Pulumi prints is passed on. A failure ends with one line that says what to do next; where GitHub runs
the step, as an annotation, so that it stands on the run's page and not only in the log.

Rests on https://www.pulumi.com/docs/iac/cli/exit-codes/
"""

import argparse
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
# RootFi is asked with the key that the declaration has now; the state has that of the last run.
LOOK_FIRST = ("--refresh", "--run-program", "--diff")
STEPS = {
    "preview": ("preview", *LOOK_FIRST),
    "deploy": ("up", "--yes", *LOOK_FIRST),
    "drift": ("preview", *LOOK_FIRST, "--expect-no-changes"),
}
NO_SUCH_STACK, UNEXPECTED_CHANGES = 6, 7

# What this provider and the engine say, and what is to be done then; the first that was said counts.
REMEDIES = {
    "the engine's process is not found": """
        do not run it again before you have looked into RootFi for each integration that the log names""",
    "so this run ends at once": """
        the provider was killed while it created what the log names, and this run ended with it: run
        `pulumi cancel --stack {stack}` and this job again, which says what to do""",
    "currently locked by": """
        another run holds the stack, or was killed: when you are certain that none is going on, run
        `pulumi cancel --stack {stack}` and this job again""",
    "not created: an earlier run was interrupted": """
        an earlier run was killed while it created {names}: look whether RootFi has it, and declare `adopt`
        or run the command that the log names""",
    "is unfinished since": """
        what became of the create of {names} is unknown: look whether RootFi has it, and declare `adopt` or
        run the command that the log names""",
    "is unfinished: adopted as": """
        {names} is adopted as it is in RootFi, which differs from the declaration: run this job again to
        apply the declaration""",
    "is unfinished in": """
        whether RootFi has {names} is unknown since a run was killed: `rootfi-pulumi doctor --stack {stack}`
        says what to look for, and what to run then""",
    "update canceled": """
        it was asked to end, and ended after what RootFi was doing; nothing is unknown: run this job again""",
}


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
        # A preview only warns of an unfinished create, and has no word for one that was killed.
        unfinished, told = report(options.stack)
        code, output = code or unfinished, output + told
    if code:
        tell(f"{options.step} of {options.stack} failed", advice(options.stack, code, output))
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
        start_new_session=True,  # what ends this process reaches Pulumi once, and no more: twice kills it
    ) as process:
        for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ending, lambda *_: process.send_signal(signal.SIGINT))
        lines = []
        for line in process.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines)


def report(stack: str) -> tuple[int, str]:
    """Ask the state for creates that nobody has resolved; return the exit code and what was told of them."""
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
    install = [sys.executable, HERE / "pulumi" / "install.py"]
    folder = subprocess.run(install, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
    return os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def advice(stack: str, code: int, output: str) -> str:
    """Return what to do after a failure, in one line."""
    if code == NO_SUCH_STACK:
        return f"the backend has no stack {stack}: run `pulumi stack init {stack}` once (docs/pipelines.md)"
    for said, remedy in REMEDIES.items():
        if said in output:
            told = remedy.format(stack=stack, names=names(said, output))
            return f"{' '.join(told.split())} (docs/recovery.md)"
    if code == UNEXPECTED_CHANGES:
        return (
            "RootFi differs from what is declared: deploy again, or declare what is there (docs/pipelines.md)"
        )
    return f"see the errors in the log; `rootfi-pulumi doctor --stack {stack}` says what is missing"


def names(said: str, output: str) -> str:
    """Return what messages name before their own words: `xero: not created: …`, `integration xero is …`."""
    # A provisional id may stand there as well; it tells a person nothing.
    found = dict.fromkeys(re.findall(rf"(?<!\S)(?!unresolved-)([^\s:]+):? {re.escape(said)}", output))
    return " and ".join(found) or "it"


def tell(title: str, text: str) -> None:
    """Print the last line."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        print(f"::error title={title}::{text}")
    else:
        print(f"{title}: {text}", file=sys.stderr)


if __name__ == "__main__":
    main()
