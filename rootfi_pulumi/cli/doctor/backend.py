"""Where the state is: the backend's login, and the stack."""

import json
import shlex

from rootfi_pulumi.cli.doctor.finding import Finding, ok, problem
from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError


def check_login(project: Project | None) -> Finding:
    """Ask who is logged in, and where."""
    subject = "backend"
    try:
        who = json.loads(pulumi_cli.run("whoami", "--json", folder=project.folder if project else None))
    except (PulumiError, ValueError) as error:
        if "pulumi state upgrade" in str(error):
            remedy = "move the backend to the layout of today; other tools that use it must be as new as this"
            return problem(subject, str(error), remedy, "pulumi state upgrade")
        if project and project.path.name in str(error):
            return problem("project", str(error), f"correct {project.path.name}")
        remedy = "log in to your backend by `pulumi login <its address>`, or keep the state on this machine"
        return problem(subject, str(error), remedy, "pulumi login file://~")
    return ok(subject, f"{who.get('url')}, as {who.get('user')}")


def find_stack(project: Project, name: str | None) -> tuple[Finding, str | None]:
    """Find the stack of this name, or the selected one; the finding comes with its name, if there is one."""
    subject = "stack"
    try:
        found = project.pulumi("stack", "--show-name", *(["--stack", name] if name else [])).strip()
    except PulumiError as error:
        return problem(subject, str(error), *_choose(project, name)), None
    return ok(subject, found), found


def _choose(project: Project, name: str | None) -> tuple[str, str]:
    try:
        existing = [str(each["name"]) for each in json.loads(project.pulumi("stack", "ls", "--json"))]
    except (PulumiError, ValueError, KeyError, TypeError):
        existing = []
    if existing and not name:
        return f"select one of {', '.join(existing)}", f"pulumi stack select {shlex.quote(existing[0])}"
    candidate = name or next(iter(project.stack_files()), "dev")
    return "make it", f"pulumi stack init {shlex.quote(candidate)}"
