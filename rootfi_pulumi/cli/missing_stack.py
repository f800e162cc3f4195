"""Finds what to do if the backend does not have a stack: it may be in another backend.

Creating it there would be wrong: with a new, empty state, `pulumi up` creates every integration again.
"""

import json
import os
import shlex
from pathlib import Path
from urllib.parse import urlsplit

from rootfi_pulumi.api.printable import excerpt
from rootfi_pulumi.declaration.stack_file import TEXTS
from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.engine_yaml import Node, UnreadableError, read
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.project.pulumi_cli import PulumiError

_VARIABLE = "PULUMI_BACKEND_URL"
_LONGEST_URL = 100


def advise_other_backend(project: Project, stack: str) -> str:
    """Return what to do if the stack's file shows that the stack exists in some backend, otherwise "".

    Reads the login with `pulumi`, if nothing overrides it.
    """
    path = project.stack_file(stack)
    root = _read(path)
    found = next((name for name in TEXTS if _text(root, name)), None)
    if found is None:
        return ""
    setting = backend_setting(project)
    url = _shown(_url(project))
    used = f"this one ({url})" if url else "this one"
    select = f"correct {setting}" if setting else "`pulumi login <its URL>`"
    return (
        f"{stack} was probably deployed with another backend than {used}, since {os.path.relpath(path)} has "
        f"{found}. Select that one: {select}; only if {stack} was never deployed, create it with "
        f"`pulumi stack init {shlex.quote(stack)}`"
    )


def has_deployed_stack(project: Project) -> bool:
    """Return whether a stack's file shows that its stack exists in some backend."""
    roots = map(_read, project.stack_files().values())
    return any(_text(root, name) for root in roots for name in TEXTS)


def backend_setting(project: Project | None) -> str:
    """Return what sets the backend and overrides a login, with its line if it is in a file, otherwise ""."""
    if os.environ.get(_VARIABLE):
        return _VARIABLE
    if project is None or not _project_url(project):
        return ""
    root = _read(project.path)
    line = root.value["backend"].node.value["url"].line if root else 1
    return f"backend.url in {os.path.relpath(project.path)}:{line}"


def _url(project: Project) -> str:
    if url := os.environ.get(_VARIABLE) or _project_url(project):
        return url
    try:
        return str(json.loads(pulumi_cli.run("whoami", "--json", folder=project.folder))["url"])
    except (PulumiError, ValueError, KeyError, TypeError):
        return ""


def _project_url(project: Project) -> str:
    backend = project.settings.get("backend")
    url = backend.get("url") if isinstance(backend, dict) else None
    return url if isinstance(url, str) else ""


def _shown(url: str) -> str:
    """Return a URL without its user, password and parameters."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return excerpt(f"{parts.scheme}://{host}{parts.path}", _LONGEST_URL) if parts.scheme else ""


def _read(path: Path) -> Node | None:
    try:
        return read(path)
    except (OSError, UnreadableError):
        return None


def _text(root: Node | None, name: str) -> str:
    members = root.value if root and isinstance(root.value, dict) else {}
    value = members[name].node.value if name in members else None
    return str(value or "")
