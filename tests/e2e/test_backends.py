"""Every promise holds wherever the state is kept: PostgreSQL and S3 are real servers."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.backends.backend import Backend
from tests.support.prepared_projects import Step
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project, encodings, files_that_hold
from tests.support.runs.background import Running

pytestmark = pytest.mark.backend

# The other tests keep their state in a folder.
servers = pytest.mark.parametrize("backend", ["postgresql", "s3"], indirect=True)
everywhere = pytest.mark.parametrize("backend", ["file", "postgresql", "s3"], indirect=True)


@pytest.fixture
def environ(environ: dict[str, str], backend: Backend) -> dict[str, str]:
    return environ | backend.environ


@pytest.fixture
def prepared(prepared: Callable[..., Project], backend: Backend, tmp_path: Path) -> Callable[..., Project]:
    def copy(*steps: Step) -> Project:
        project = prepared(*steps)
        backend.store(tmp_path / "state")
        project.secrets += backend.secrets
        return project

    return copy


@servers
def test_up_puts_each_integration_into_rootfi_and_tracks_it_once(
    project: Project, emulator: Emulator
) -> None:
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    project.up()
    assert emulator.calls == ["POST /integrations"] * 2
    assert sorted(each["id"] for each in project.all_integrations()) == ["1234", "1235"]


@servers
def test_up_with_nothing_to_do_sends_nothing(deployed: Project, emulator: Emulator) -> None:
    deployed.up("--expect-no-changes")
    assert emulator.calls == []


@servers
def test_a_rotated_secret_lands_as_one_put(deployed: Project, emulator: Emulator) -> None:
    deployed.secrets.append("rotated-value-of-xero")
    deployed.up(XERO_CLIENT_SECRET="rotated-value-of-xero")
    assert emulator.calls == ["PUT /integrations/1234"]
    assert emulator.integration(1234).client_secret == "rotated-value-of-xero"


@servers
def test_a_refresh_after_up_finds_nothing_to_change(deployed: Project) -> None:
    deployed.preview("--refresh", "--expect-no-changes")


@servers
def test_destroy_disables_and_forgets(deployed: Project, emulator: Emulator) -> None:
    deployed.destroy()
    assert emulator.calls == ["PUT /integrations/1234"]
    assert emulator.integration(1234).is_disabled
    assert deployed.resources() == {}


@servers
def test_an_interrupted_create_is_not_repeated(project: Project, emulator: Emulator, api_key: str) -> None:
    project.declare({"xero": XERO})
    first = hold_first_create(project, emulator)
    family = first.family()
    first.kill(first.cli.pid)
    emulator.release()
    first.end(family)
    project.pulumi("cancel", "--yes")
    assert "xero: not created: an earlier run was interrupted" in project.up(code=None).output
    assert emulator.calls == ["POST /integrations"]


@everywhere
def test_the_backend_holds_no_secret(deployed: Project, backend: Backend) -> None:
    tracked = "tracked/secret+1"
    deployed.secrets.append(tracked)
    deployed.declare({"xero": XERO, "wave": {"integration_type": "WAVE", "client_id": "wave-app"}})
    path = "rootfi:integrations.wave.client_secret"
    deployed.pulumi("config", "set", "--secret", "--path", path, stdin=tracked)
    deployed.up()
    stored = backend.stored()
    assert any(b"wave-app" in content for content in stored.values()), "the state was not looked at"
    needles = [needle.encode() for secret in deployed.secrets for needle in encodings(secret)]
    assert [key for key, content in stored.items() if any(needle in content for needle in needles)] == []


@servers
def test_the_credentials_for_the_backend_are_in_no_file(
    deployed: Project, backend: Backend, tmp_path: Path, pulumi_home: Path
) -> None:
    assert files_that_hold(tmp_path, backend.secrets) == []
    assert files_that_hold(pulumi_home, backend.secrets) == []


@everywhere
def test_a_second_pipeline_is_refused_while_the_first_is_in_the_middle(
    project: Project, emulator: Emulator
) -> None:
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    first = hold_first_create(project, emulator)
    for change in (project.up, project.refresh, project.destroy):
        refused = change(code=None).output
        assert "the stack is currently locked by 1 lock(s)" in refused
        assert "`pulumi cancel`" in refused
    emulator.release()
    first.wait()
    assert first.cli.returncode == 0


@everywhere
def test_of_pipelines_started_at_once_one_alone_creates(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    runs = [Running.start(project, "up") for _ in range(3)]
    for run in runs:
        run.wait()
    # None of them, if each saw another's lock.
    assert len(emulator.calls) in (0, 2)
    project.up()
    assert emulator.calls == ["POST /integrations"] * 2
    project.preview("--refresh", "--expect-no-changes")


@everywhere
def test_a_lock_taken_from_a_pipeline_that_runs_repeats_no_create(
    project: Project, emulator: Emulator
) -> None:
    project.declare({"xero": XERO})
    first = hold_first_create(project, emulator)
    project.pulumi("cancel", "--yes")
    assert "xero: not created: an earlier run was interrupted" in project.up(code=None).output
    emulator.release()
    assert "there was a problem deleting the lock" in first.wait()
    assert emulator.calls == ["POST /integrations"]
    project.up("--expect-no-changes")


@everywhere
def test_a_refused_pipeline_costs_nothing(project: Project, emulator: Emulator) -> None:
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    first = hold_first_create(project, emulator)
    project.up(code=None)
    emulator.release()
    first.wait()
    assert sorted(each["id"] for each in project.all_integrations()) == ["1234", "1235"]
    project.up("--expect-no-changes")
    assert emulator.calls == ["POST /integrations"] * 2


def hold_first_create(project: Project, emulator: Emulator) -> Running:
    """Begin an `up` whose first create has reached RootFi, which does not answer yet."""
    emulator.inject(Fault(operation="create", hold=True))
    running = Running.start(project, "up")
    emulator.wait_until_held()
    return running
