"""What a `kill -9` in the instant of a write leaves in a file backend, and the documented way out."""

from pathlib import Path

import pytest

from tests.support.pulumi_project import XERO, Project

pytestmark = pytest.mark.case


@pytest.fixture
def attributes(deployed: Project, tmp_path: Path) -> Path:
    """The file of the state's attributes, emptied as by an engine that was killed while it wrote it."""
    path = tmp_path / "state" / ".pulumi" / "stacks" / "rootfi" / "dev.json.attrs"
    path.write_text("")
    return path


def test_attributes_that_were_cut_off_make_the_state_unreadable(deployed: Project, attributes: Path) -> None:
    assert "failed to load checkpoint: EOF" in deployed.up(code=None).output


def test_without_them_the_state_is_whole(deployed: Project, attributes: Path) -> None:
    attributes.unlink()
    deployed.up("--expect-no-changes")
    assert attributes.stat().st_size


def test_an_address_that_skips_them_has_none(project: Project, tmp_path: Path) -> None:
    backend = tmp_path / "without"
    backend.mkdir()
    project.environ["PULUMI_BACKEND_URL"] = f"{backend.as_uri()}?metadata=skip"
    project.declare({"xero": XERO})
    project.new_stack()
    project.up()
    assert (backend / ".pulumi" / "stacks" / "rootfi" / "dev.json").exists()
    assert list(backend.rglob("*.attrs")) == []
