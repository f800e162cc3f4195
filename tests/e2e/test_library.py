"""In anyone's own program: from the wheel, in another project, with values not known in a preview."""

import subprocess
import sys
import venv
from pathlib import Path

import pytest
from pulumi_project import REPOSITORY, Project

from rootfi_pulumi.emulator import Emulator

CHAIN = """
import pulumi
from rootfi_pulumi import FromEnv, IntegrationType, RootFiIntegration

xero_secret = FromEnv("XERO_CLIENT_SECRET")
first = RootFiIntegration(
    "first", integration_type=IntegrationType.XERO, client_id="first", client_secret=xero_secret
)
second = RootFiIntegration(
    "second",
    integration_type="WAVE",
    client_id=first.rootfi_id.apply(lambda rootfi_id: f"after-{rootfi_id}"),
    client_secret=first.rootfi_created_at,
)
pulumi.export("second", second.client_id)
"""


@pytest.fixture(scope="session")
def wheel_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with our wheel; its dependencies come from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ["-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir"]
    subprocess.run([sys.executable, *build, folder, REPOSITORY], check=True)
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    wheel = next(folder.glob("*.whl"))
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", wheel], check=True)
    ours = next(Path(path) for path in sys.path if path.endswith("site-packages"))
    theirs = next((folder / "venv").glob("lib/*/site-packages"))
    (theirs / "dependencies.pth").write_text(f"{ours}\n")
    return folder / "venv"


def test_a_value_unknown_in_preview_lands_in_up(project: Project, emulator: Emulator, api_key: str) -> None:
    project.write(CHAIN)
    assert "4 to create" in project.preview().output
    project.up()
    assert project.output("second") == "after-1234"
    assert emulator.calls == ["POST /integrations"] * 2
    assert [made.client_id for made in emulator.integrations(api_key)] == ["first", "after-1234"]


def test_a_change_to_an_unknown_value_is_an_update_in_preview(project: Project, emulator: Emulator) -> None:
    project.write(CHAIN)
    project.up()
    project.write(CHAIN.replace("IntegrationType.XERO", '"TALLY"'))
    shown = project.preview().output
    assert "replace" in shown
    assert "(update)" in shown


def test_the_wheel_works_in_a_foreign_project(
    project: Project, emulator: Emulator, api_key: str, wheel_environment: Path
) -> None:
    project.write(CHAIN)
    settings = project.folder / "Pulumi.yaml"
    text = settings.read_text().replace(sys.prefix, str(wheel_environment))
    settings.write_text(text.replace("name: rootfi", "name: someones"))
    del project.environ["PYTHONPATH"]
    project.pulumi("stack", "init", "foreign")
    project.pulumi("config", "set", "rootfi:baseUrl", emulator.url)
    project.up()
    assert len(emulator.integrations(api_key)) == 2
