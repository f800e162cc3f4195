"""The report as JSON. docs/report.md describes its shape: members may be added, but none changes."""

import json
from collections import Counter
from dataclasses import asdict
from typing import Any

from rootfi_pulumi.cli.report.matrix import Cell, Column, Matrix
from rootfi_pulumi.cli.report.states import State
from rootfi_pulumi.declaration.one_organisation import Shared

_TAIL = 4


def render_json(matrix: Matrix) -> str:
    """Return an object {generated, refreshed, counts, stacks, shared}, followed by a line feed."""
    document = {
        "generated": matrix.generated.isoformat(timespec="seconds"),
        "refreshed": matrix.is_refreshed,
        "counts": _counts(matrix.counts()),
        "stacks": [_stack(column) for column in matrix.columns],
        "shared": [_shared(each) for each in matrix.shared],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _stack(column: Column) -> dict[str, Any]:
    return {
        "stack": column.stack,
        "known": column.is_known,
        "compared": column.is_compared,
        "notes": column.notes,
        "problems": column.problems,
        "counts": _counts(column.counts()),
        "integrations": {name: _integration(cell) for name, cell in sorted(column.cells.items())},
    }


def _integration(cell: Cell) -> dict[str, Any]:
    return {
        "state": cell.state,
        "states": cell.states,
        "integration_type": cell.integration_type,
        "client_id": cell.client_id,
        "client_id_tail": cell.client_id[-_TAIL:],
        "rootfi_id": cell.rootfi_id,
        "secret_number": cell.secret_number,
        "age_days": asdict(cell.age) if cell.age else None,
        "drifted": [each.member for each in cell.drifted],
        "changes": [asdict(each) for each in cell.drifted],
    }


def _shared(found: Shared) -> dict[str, Any]:
    places = dict.fromkeys((each.stack, each.name) for each in found.holdings)
    return {
        "rootfi_id": found.what if isinstance(found.what, int) else None,
        "integration_type": found.what if isinstance(found.what, str) else "",
        "same_key": found.same_key,
        "integrations": [{"stack": stack, "name": name} for stack, name in places],
    }


def _counts(counts: Counter[State]) -> dict[State, int]:
    return {state: counts[state] for state in State}
