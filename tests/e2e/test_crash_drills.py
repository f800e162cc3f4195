"""kill -9 at every step; then the documented recovery, after which all is tracked exactly once."""

from collections.abc import Callable

import pytest
from crash_drills import DRILLS, Drill, rows
from crashing import crash, forget
from prepared import deploy_xero
from pulumi_project import REPOSITORY, XERO, Project

from rootfi_pulumi.emulator import Emulator

DECLARED = {
    "create": XERO,
    "update": XERO | {"client_id": "another"},
    "replace": XERO | {"integration_type": "WAVE"},
    "retire": XERO | {"integration_type": "WAVE"},
    "delete": XERO,
}


def test_the_document_has_the_same_table() -> None:
    document = (REPOSITORY / "docs" / "recovery.md").read_text()
    assert "\n".join(rows()) in document


@pytest.mark.drill
@pytest.mark.parametrize("drill", DRILLS, ids=str)
def test_the_documented_recovery_ends_with_everything_tracked_once(
    drill: Drill, prepared: Callable[..., Project], emulator: Emulator, api_key: str
) -> None:
    declared = DECLARED[drill.operation]
    project = prepared() if drill.operation == "create" else prepared(deploy_xero)
    project.declare({"xero": declared})
    crash(drill, project, emulator)

    shown = ""
    for step in drill.recovery:
        if step == "cancel":
            project.pulumi("cancel", "--yes")
        elif step == "adopt":
            declared = declared | {"adopt": newest(emulator, api_key)}
            project.declare({"xero": declared})
        elif step == "forget":
            forget(project, shown or project.up(code=None).output)
        else:
            shown = getattr(project, step)().output

    enabled = {str(made.rootfi_id) for made in emulator.integrations(api_key) if not made.is_disabled}
    tracked = [resource["id"] for resource in project.all_integrations()]
    assert sorted(tracked) == sorted(enabled)
    assert len(tracked) == (drill.operation != "delete")
    if drill.operation != "delete":
        project.preview("--refresh", "--expect-no-changes")


def newest(emulator: Emulator, api_key: str) -> int:
    """What somebody finds who looks in RootFi."""
    return emulator.integrations(api_key)[-1].rootfi_id
