"""Finds what a preview does not: a create in the state that an earlier run did not finish."""

from datetime import UTC, datetime
from pathlib import Path

from rootfi_pulumi.cli.report.matrix import build_matrix
from rootfi_pulumi.cli.report.reading import read_stack
from rootfi_pulumi.cli.report.states import OCCURRENCE, State
from rootfi_pulumi.project.project import Project, ProjectError


def find_unfinished(stack: str) -> list[str]:
    """Return a line for each unfinished create in a stack's state, and for each part that cannot be read.

    They are those of `rootfi-pulumi report --fail-on unfinished`.
    """
    try:
        project = Project.find(Path.cwd())
    except ProjectError as error:
        return [str(error)]
    matrix = build_matrix([read_stack(project, stack, refresh=False)], datetime.now(UTC), is_refreshed=False)
    [column] = matrix.columns
    found = matrix.in_states([State.UNFINISHED])
    return [
        *(f"{column.stack}: {problem}" for problem in column.problems),
        *(OCCURRENCE.format(name=name, state=state, where=where) for where, name, state in found),
    ]
