"""A file backend in the legacy layout, which knows a stack by its bare name alone, whatever its project."""

from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project
from tests.support.runs.background import Running

# Without the second, Pulumi refuses the layout since autumn 2026, and names `pulumi state upgrade`.
LEGACY = {
    "PULUMI_SELF_MANAGED_STATE_LEGACY_LAYOUT": "true",
    "PULUMI_DIY_BACKEND_IGNORE_DEPRECATION_ERROR": "1",
}


@pytest.fixture
def legacy(environ: dict[str, str], tmp_path: Path, emulator: Emulator, api_key: str) -> Project:
    """A project with an empty stack `dev` in that layout."""
    project = Project.new(tmp_path, environ | LEGACY, emulator.url, api_key)
    assert (tmp_path / "state" / ".pulumi" / "stacks" / "dev.json").exists()
    return project


def test_legacy_layout_has_the_whole_life_of_a_stack(legacy: Project, emulator: Emulator) -> None:
    legacy.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    legacy.up()
    legacy.up("--expect-no-changes")
    legacy.preview("--refresh", "--expect-no-changes")
    legacy.destroy()
    assert emulator.calls.count("POST /integrations") == 2
    assert all(emulator.integration(id_).is_disabled for id_ in (1234, 1235))


def test_legacy_layout_repeats_no_interrupted_create(legacy: Project, emulator: Emulator) -> None:
    legacy.declare({"xero": XERO})
    emulator.inject(Fault(operation="create", hold=True))
    first = Running.start(legacy, "up")
    emulator.wait_until_held()
    family = first.family()
    first.kill(first.cli.pid)
    emulator.release()
    first.end(family)
    legacy.pulumi("cancel", "--yes")
    assert "xero: not created: an earlier run was interrupted" in legacy.up(code=None).output
    assert emulator.calls == ["POST /integrations"]


def test_upgraded_layout_keeps_what_was_created(legacy: Project, emulator: Emulator, tmp_path: Path) -> None:
    legacy.declare({"xero": XERO})
    legacy.up()
    legacy.pulumi("state", "upgrade", "--yes")
    assert (tmp_path / "state" / ".pulumi" / "stacks" / "rootfi" / "dev.json").exists()
    legacy.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    legacy.up()
    assert emulator.calls.count("POST /integrations") == 2
    assert sorted(each["id"] for each in legacy.all_integrations()) == ["1234", "1235"]
