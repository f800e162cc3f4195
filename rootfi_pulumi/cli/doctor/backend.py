"""Checks the backend's login and finds the stack."""

import json
import shlex

from rootfi_pulumi.cli.doctor.finding import Finding, Subject, ok, problem
from rootfi_pulumi.cli.missing_stack import advise_other_backend, backend_setting, has_deployed_stack
from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.project import SELECTION, Project, selection
from rootfi_pulumi.project.pulumi_cli import PulumiError

# Pulumi's own advice where the backend has the layout of an older version.
_UPGRADE = "pulumi state upgrade"


def check_login(project: Project | None) -> Finding:
    """Check that the user is logged in to a backend."""
    try:
        who = json.loads(pulumi_cli.run("whoami", "--json", folder=project.folder if project else None))
    except (PulumiError, ValueError) as error:
        if _UPGRADE in str(error):
            remedy = "upgrade the backend's layout; older versions of Pulumi cannot read it afterwards"
            return problem(Subject.BACKEND, str(error), remedy, _UPGRADE)
        if project and project.path.name in str(error):
            return problem(Subject.PROJECT, str(error), f"correct {project.path.name}")
        return problem(Subject.BACKEND, str(error), *_how_to_log_in(project))
    return ok(Subject.BACKEND, f"{who.get('url')}, as {who.get('user')}")


def _how_to_log_in(project: Project | None) -> tuple[str, str]:
    if setting := backend_setting(project):
        # `pulumi login` would change nothing: the setting overrides it.
        return f"correct {setting}, or set the credentials that its backend needs", ""
    if project and has_deployed_stack(project):
        return "log in to the backend that the stacks were deployed with: `pulumi login <its URL>`", ""
    remedy = "log in to your backend with `pulumi login <its URL>`, or keep the state on this machine"
    return remedy, "pulumi login file://~"


def find_stack(project: Project, name: str | None) -> tuple[Finding, str | None]:
    """Find the stack of this name, or else the selected one, and return its name with the finding."""
    try:
        found = (
            project.pulumi("stack", "--show-name", "--stack", name).strip()
            if name
            else project.selected_stack()
        )
    except PulumiError as error:
        return problem(Subject.STACK, str(error), *_remedy(project, name)), None
    return ok(Subject.STACK, found), found


def _remedy(project: Project, name: str | None) -> tuple[str, str]:
    if not name and selection():
        # The variable overrides `pulumi stack select`.
        if advice := advise_other_backend(project, selection()):
            return advice, ""
        return f"correct {SELECTION}, or unset it to check the selected stack", f"unset {SELECTION}"
    try:
        existing = project.stack_names()
    except PulumiError:
        existing = []
    if existing and not name:
        return f"select one of {', '.join(existing)}", f"pulumi stack select {shlex.quote(existing[0])}"
    candidate = name or next(iter(project.stack_files()), "dev")
    if advice := advise_other_backend(project, candidate):
        # No command to paste: `up` on a stack that is created by mistake creates every integration again.
        return advice, ""
    return "create it", f"pulumi stack init {shlex.quote(candidate)}"
