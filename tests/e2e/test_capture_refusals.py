"""What `rootfi-pulumi capture` refuses: it says why in one line and leaves the file unchanged."""

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.command.capture import add, stack_file
from tests.support.command.in_project import rootfi_pulumi
from tests.support.pulumi_project import XERO, Project


@pytest.fixture
def xero(emulator: Emulator, api_key: str, project: Project) -> int:
    """The id of an integration that was created by hand."""
    return add(emulator, api_key, project)


def refused(project: Project, *args: str, **environ: str) -> str:
    """Run a capture that has to fail; return what it says, having left the file as it was."""
    before = stack_file(project).read_bytes()
    ended = rootfi_pulumi(project, "capture", *args, code=1, **environ)
    assert stack_file(project).read_bytes() == before
    assert ended.output == ""
    return ended.errors


def test_every_unknown_id_is_named_and_nothing_is_written(project: Project, xero: int) -> None:
    said = refused(project, str(xero), "98", "99")
    assert said.count("404") == 2
    assert said.startswith("rootfi-pulumi capture: GET /integrations/98: 404")


def test_a_type_already_declared_is_named_with_the_way_to_adopt(project: Project, xero: int) -> None:
    project.declare({"books": XERO})
    said = refused(project, str(xero))
    assert f"integration {xero}: books is already declared with type XERO" in said
    assert f"`adopt: {xero}`" in said


@pytest.mark.case
def test_a_name_that_is_taken_asks_for_another(
    project: Project, emulator: Emulator, api_key: str, xero: int
) -> None:
    project.declare({"xero": XERO | {"integration_type": "WAVE"}})
    assert "xero is already declared: choose another name with --name" in refused(project, str(xero))
    rootfi_pulumi(project, "capture", str(xero), "--name", "xero two")
    assert "xero two:" in stack_file(project).read_text()


@pytest.mark.case
def test_an_id_that_is_declared_already_is_refused(project: Project, xero: int) -> None:
    rootfi_pulumi(project, "capture", str(xero))
    assert f"integration {xero}: xero already adopts it" in refused(project, str(xero))


def test_an_id_that_the_stack_manages_is_refused(deployed: Project) -> None:
    assert "integration 1234: already managed by urn:" in refused(deployed, "1234")


@pytest.mark.case
def test_two_of_one_type_are_refused(project: Project, emulator: Emulator, api_key: str, xero: int) -> None:
    again = add(emulator, api_key, project)
    assert "2 of these integrations have type XERO" in refused(project, str(xero), str(again))


@pytest.mark.case
def test_a_type_that_cannot_be_declared_is_refused(
    project: Project, emulator: Emulator, api_key: str
) -> None:
    rootfi_id = add(emulator, api_key, project, integration_type="NEW_ONE")
    assert '"NEW_ONE" is not an integration type' in refused(project, str(rootfi_id))


@pytest.mark.case
def test_a_file_with_another_mistake_is_refused(project: Project, xero: int) -> None:
    project.declare(baseurl="x")
    assert "rootfi:baseurl: is not a setting" in refused(project, str(xero))


def test_a_refused_key_is_reported(project: Project, xero: int) -> None:
    assert "401" in refused(project, str(xero), ROOTFI_API_KEY="of-nobody")


@pytest.mark.case
def test_a_missing_key_is_reported(project: Project, xero: int) -> None:
    assert "no RootFi API key" in refused(project, str(xero), ROOTFI_API_KEY="")


@pytest.mark.case
def test_a_missing_passphrase_is_reported_in_pulumis_words(project: Project, xero: int) -> None:
    del project.environ["PULUMI_CONFIG_PASSPHRASE"]
    assert "passphrase must be set" in refused(project, str(xero))


@pytest.mark.case
def test_without_a_selected_stack_it_says_how_to_name_one(project: Project, xero: int) -> None:
    project.pulumi("stack", "unselect")
    assert "no stack selected" in refused(project, str(xero))


@pytest.mark.case
def test_without_pulumi_it_says_so(project: Project, xero: int) -> None:
    assert "`pulumi` is not on PATH" in refused(project, str(xero), PATH="/nowhere")


@pytest.mark.case
def test_outside_a_project_it_says_so(project: Project) -> None:
    (project.folder / "Pulumi.yaml").unlink()
    assert "no Pulumi.yaml here or above" in refused(project, "1234")


@pytest.mark.case
@pytest.mark.parametrize("args", [[], ["0"], ["x"], ["1", "2", "--name", "a"]])
def test_wrong_usage_is_one_line_and_exits_2(project: Project, args: list[str]) -> None:
    ended = rootfi_pulumi(project, "capture", *args, code=2)
    assert ended.errors.startswith("rootfi-pulumi capture: ")
    assert ended.errors.count("\n") == 1
