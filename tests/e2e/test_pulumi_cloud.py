"""What the README promises holds with Pulumi Cloud: the real CLI against a stand-in of the service."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.provider.phrases import PROVIDER_FAILED
from tests.support.command.in_project import rootfi_pulumi
from tests.support.pulumi_cloud import server as pulumi_cloud
from tests.support.pulumi_cloud.server import PulumiCloud
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project, encodings, files_that_hold
from tests.support.runs.automation import start_up
from tests.support.runs.background import Running
from tests.support.runs.kills import interrupt, journal, kill_plugin

pytestmark = pytest.mark.backend

AHEAD, BEHIND = {"clock": 60}, {"clock": -60}
"""The service's clock is not this machine's."""
CLOCKS = (("ahead", AHEAD), ("behind", BEHIND))
BUSY = "[409] Conflict: Another update is currently in progress."
INTERRUPTED_RUN = "xero: not created: an earlier run was interrupted"
CREATED = ["POST /integrations"]

each_protocol = pytest.mark.parametrize(
    "cloud",
    [pytest.param(AHEAD, id="journal"), pytest.param(BEHIND | {"journals": False}, id="checkpoints")],
    indirect=True,
)


@pytest.fixture
def cloud(request: pytest.FixtureRequest) -> Iterator[PulumiCloud]:
    """An empty one; its parameter says what it does in another way than usual."""
    with pulumi_cloud.running(**getattr(request, "param", {})) as cloud:
        yield cloud
        assert cloud.service.unanswered == []


@pytest.fixture
def environ(environ: dict[str, str], cloud: PulumiCloud, tmp_path: Path) -> dict[str, str]:
    without = {name: value for name, value in environ.items() if name != "PULUMI_CONFIG_PASSPHRASE"}
    # A home of its own, since `pulumi` keeps the token in it.
    return without | cloud.environ | {"PULUMI_HOME": str(tmp_path / "home")}


@pytest.fixture
def project(
    tmp_path: Path, environ: dict[str, str], emulator: Emulator, api_key: str, cloud: PulumiCloud
) -> Project:
    project = Project.new(tmp_path, environ, emulator.url, api_key)
    project.secrets += cloud.secrets
    return project


@each_protocol
def test_stack_lives_its_whole_life(
    project: Project, emulator: Emulator, api_key: str, cloud: PulumiCloud
) -> None:
    assert "as made-up-user" in project.pulumi("login", cloud.url).output
    project.declare({"xero": XERO, "wave": {"integration_type": "WAVE", "client_id": "wave-app"}})
    encrypt_all(project)
    project.up()
    assert emulator.calls == CREATED * 2
    assert emulator.integration(project.output()["wave"]["rootfi_id"]).client_secret == "tracked/secret+1"
    project.refresh("--expect-no-changes")
    project.pulumi("stack", "import", stdin=project.pulumi("stack", "export").output)
    project.preview("--refresh", "--expect-no-changes")
    needles = [each.encode() for secret in project.secrets for each in encodings(secret)]
    [stored] = cloud.stored().values()
    assert b"wave-app" in stored
    assert [needle for needle in needles if needle in stored] == []
    assert files_that_hold(project.folder, project.secrets) == []
    project.pulumi("stack", "rename", "prod")
    project.destroy()
    assert all(each.is_disabled for each in emulator.integrations(api_key))
    project.pulumi("stack", "rm", "--yes")
    assert cloud.stacks == []


def encrypt_all(project: Project) -> None:
    """Have the service encrypt the API key and the secret of `wave`."""
    project.secrets.append("tracked/secret+1")
    api_key = project.environ.pop("ROOTFI_API_KEY")
    project.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=api_key)
    path = "rootfi:integrations.wave.client_secret"
    project.pulumi("config", "set", "--secret", "--path", path, stdin="tracked/secret+1")
    file = project.folder / "stacks" / "Pulumi.dev.yaml"
    config = yaml.safe_load(file.read_text())["config"]
    for made in (config["rootfi:apiKey"], config["rootfi:integrations"]["wave"]["client_secret"]):
        assert made["secure"].startswith("AAAB")


def test_commands_work_with_pulumi_cloud(project: Project, emulator: Emulator, api_key: str) -> None:
    secret = project.environ["XERO_CLIENT_SECRET"]
    emulator.add_integration(api_key, integration_type="XERO", client_id="xero-app", client_secret=secret)
    rootfi_pulumi(project, "capture", "1234")
    assert project.declared()["xero"]["client_secret"]["secure"].startswith("AAAB")
    rootfi_pulumi(project, "check", "stacks/Pulumi.dev.yaml")
    project.up()
    rootfi_pulumi(project, "doctor")
    assert "1234" in rootfi_pulumi(project, "report", "--stack", "dev").output
    assert emulator.integration(1234).client_secret == secret


def test_second_pipeline_is_refused(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    first = hold_first_create(project, emulator)
    for change in (project.up, project.refresh, project.destroy):
        assert BUSY in change(code=None).output
    emulator.release()
    first.wait()
    assert first.cli.returncode == 0
    project.up("--expect-no-changes")
    assert emulator.calls == CREATED * 2


@each_protocol
def test_interrupted_create_is_not_repeated(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    interrupt(project, emulator)
    assert BUSY in project.up(code=None).output
    project.pulumi("cancel", "--yes")
    assert INTERRUPTED_RUN in project.preview(code=None).output
    assert INTERRUPTED_RUN in project.up(code=None).output
    project.declare({"xero": XERO | {"adopt": 1234}})
    project.up()
    assert emulator.calls == ["GET /integrations/1234"]
    project.refresh("--clear-pending-creates")
    assert project.deployment().get("pending_operations", []) == []
    project.up("--expect-no-changes")


def test_expired_lease_lets_no_create_be_repeated(
    project: Project, emulator: Emulator, cloud: PulumiCloud
) -> None:
    project.declare({"xero": XERO})
    interrupt(project, emulator)
    cloud.expire_leases()
    assert INTERRUPTED_RUN in project.up(code=None).output
    assert emulator.calls == []


@pytest.mark.parametrize(
    "cloud",
    [pytest.param(clock | {"exports_running": False}, id=name) for name, clock in CLOCKS],
    indirect=True,
)
def test_state_without_running_update_shows_interrupted_create(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    interrupt(project, emulator)
    project.pulumi("cancel", "--yes")
    assert INTERRUPTED_RUN in project.up(code=None).output
    assert emulator.calls == []


@pytest.mark.parametrize("cloud", [BEHIND | {"export_seconds": 2}], indirect=True, ids=["behind"])
@pytest.mark.parametrize("runner", ["cli", "inline"])
def test_run_takes_its_own_create_for_no_earlier_one(
    runner: str, project: Project, emulator: Emulator
) -> None:
    project.declare({"xero": XERO})
    running = start_up(project, runner)
    output = running.wait()
    assert running.cli.returncode == 0, output
    assert emulator.calls == CREATED


def test_run_that_lost_its_lease_repeats_no_create(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    first = hold_first_create(project, emulator)
    project.pulumi("cancel", "--yes")
    assert INTERRUPTED_RUN in project.up(code=None).output
    emulator.release()
    first.wait()
    # What this run wrote after it lost its lease is not in the state, so the trace of its create is.
    assert first.cli.returncode != 0
    assert INTERRUPTED_RUN in project.up(code=None).output
    assert emulator.calls == CREATED


@each_protocol
def test_create_of_a_killed_plugin_is_noted(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO})
    assert PROVIDER_FAILED in kill_plugin(project, emulator)
    assert [urn.rpartition("::")[2] for urn in journal(project)] == ["xero"]
    assert INTERRUPTED_RUN in project.up(code=None).output
    project.declare({"xero": XERO | {"adopt": 1234}})
    project.up()
    assert emulator.calls == ["GET /integrations/1234"]
    assert journal(project) == []


def hold_first_create(project: Project, emulator: Emulator) -> Running:
    """Begin an `up` whose first create has reached RootFi, which does not answer yet."""
    emulator.inject(Fault(operation="create", hold=True))
    running = Running.start(project, "up")
    emulator.wait_until_held()
    return running
