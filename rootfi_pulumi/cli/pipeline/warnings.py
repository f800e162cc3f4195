"""Finds what keeps a pipeline from running, although it can be written."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from rootfi_pulumi.api.host_addresses import is_loopback
from rootfi_pulumi.cli.pipeline.branches import current_branch, has_branch
from rootfi_pulumi.cli.pipeline.needs import backend_scheme
from rootfi_pulumi.cli.pipeline.options import Forge
from rootfi_pulumi.cli.pipeline.rendering import Plan

_RUNS_ON_GITHUB = re.compile(r"(\./)*\.github/workflows/[^/]+\.ya?ml")


def find_warnings(planned: Plan) -> Iterator[str]:
    """Yield a text for each problem: what and why, and on the next lines the commands that correct it."""
    if backend_scheme(planned.project, planned.options) == "file":
        yield (
            "the backend is a folder of this machine, which a runner does not have: choose one that all jobs "
            f"reach, such as S3\n  {_with(planned, backend='s3')}"
        )
    for stack in planned.stacks:
        if _is_local(stack.base_url):
            yield (
                f"{os.path.relpath(stack.path)}: rootfi:baseUrl is an address of this machine, at which a "
                "runner finds no RootFi: remove it\n"
                f"  pulumi config rm rootfi:baseUrl --stack {stack.name}"
            )
    if planned.forge is Forge.GITHUB and not _RUNS_ON_GITHUB.fullmatch(planned.options.path(planned.forge)):
        yield (
            "GitHub runs only a .yml file in .github/workflows/ itself: choose such a path\n"
            f"  {_with(planned, file='.github/workflows/' + planned.project.name + '.yml')}"
        )
    yield from _find_missing_branch(planned)


def _find_missing_branch(planned: Plan) -> Iterator[str]:
    wanted, current = planned.branch, current_branch(planned.repository)
    if not wanted or current in ("", wanted) or has_branch(planned.repository, wanted):
        return
    # A person may be on a branch for this change alone.
    usual = (each for each in ("main", "master") if has_branch(planned.repository, each))
    default = next(usual, current)
    if planned.options.branch and has_branch(planned.repository, default):
        # Who chooses a branch keeps the default one.
        remedy, command = f"create it, or choose {default}", f"git branch {wanted} {default}"
    else:
        old = "" if default == current else f"{default} "
        remedy, command = f"rename {default}, or choose it", f"git branch -m {old}{wanted}"
    yield (
        f"there is no branch {wanted}, so nothing would be deployed: {remedy}\n"
        f"  {command}\n"
        f"  {_with(planned, branch=default)}"
    )


def _with(planned: Plan, **options: Any) -> str:
    return replace(planned, options=replace(planned.options, **options)).update_command


def _is_local(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return host == "localhost" or is_loopback(host)
