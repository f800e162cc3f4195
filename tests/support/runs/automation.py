"""Runs a project's `up` in each way that Pulumi has: the CLI, and the Automation API, local and inline."""

import os
import subprocess
import sys

from tests.support.pulumi_project import Project
from tests.support.runs.background import Running

SCRIPT = """
import argparse
import sys

from pulumi import automation


def program():
    import pulumi
    from rootfi_pulumi import Environment

    pulumi.export("integrations", Environment.from_stack_config().summary)


options = argparse.ArgumentParser()
for name in ("way", "folder", "backend", "stack"):
    options.add_argument(name)
options.add_argument("--parallel", type=int)
options.add_argument("--target", action="append")
args = options.parse_args()
workspace = automation.LocalWorkspaceOptions(
    work_dir=args.folder, env_vars={"PULUMI_BACKEND_URL": args.backend}
)
if args.way == "inline":
    stack = automation.select_stack(args.stack, project_name="rootfi", program=program, opts=workspace)
else:
    workspace.work_dir = None
    stack = automation.select_stack(args.stack, work_dir=args.folder, opts=workspace)
try:
    stack.up(parallel=args.parallel, target=args.target, on_output=lambda text: print(text, flush=True))
except automation.CommandError as error:
    sys.exit(str(error))
"""


def start_up(project: Project, runner: str, *args: str) -> Running:
    """Start an `up`. The Automation API's engine has the project's backend, its script another one."""
    if runner == "cli":
        return Running.start(project, "up", *args)
    away = project.folder.parent / "another backend"
    away.mkdir(exist_ok=True)
    environ = project.environ | {
        # Where an inline program's plugin finds its packages.
        "PATH": f"{sys.prefix}/bin{os.pathsep}{project.environ['PATH']}",
        "PULUMI_BACKEND_URL": away.as_uri(),
    }
    given = [runner, str(project.folder), project.environ["PULUMI_BACKEND_URL"], project.stack]
    return Running(
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, *given, *args],
            cwd=away,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    )
