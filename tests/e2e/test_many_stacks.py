"""Twenty pipelines at once, each with every type of integration, on one PostgreSQL."""

import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rootfi_pulumi import IntegrationType
from rootfi_pulumi.emulator import Emulator
from tests.support.backends.backend import Backend
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import Project
from tests.support.runs.background import Running

pytestmark = pytest.mark.backend

KINDS = [str(kind) for kind in IntegrationType]
STATE = re.compile(r"/stacks/rootfi/[^/]+\.json$")
STACKS = [f"team-{number:02}" for number in range(1, 21)]
# Twenty runs share the processors of one machine with other tests. Much more, and on a busy machine
# they would get nothing.
NICENESS = 5


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_twenty_stacks_of_seventeen_at_once_create_no_duplicate(
    backend: Backend, emulator: Emulator, environ: dict[str, str], tmp_path: Path
) -> None:
    keys = {stack: emulator.add_organisation() for stack in STACKS}
    environs = {
        stack: environ | backend.environ | secrets_of(stack) | {"ROOTFI_API_KEY": keys[stack]}
        for stack in STACKS
    }
    projects = [Project(tmp_path / stack, environs[stack], stack=stack) for stack in STACKS]
    for project in projects:
        prepare(project, emulator.url)

    runs = [Running.start(project, "up", niceness=NICENESS) for project in projects]
    assert all(run.cli.poll() is None for run in runs), "they did not run at once"
    with ThreadPoolExecutor(len(runs)) as threads:
        outputs = list(threads.map(lambda run: run.wait(20 * PATIENCE), runs))

    assert [output for run, output in zip(runs, outputs, strict=True) if run.cli.returncode] == []
    assert emulator.calls == ["POST /integrations"] * 340
    made = {stack: emulator.integrations(key) for stack, key in keys.items()}
    secrets = {stack: {each.integration_type: each.client_secret for each in made[stack]} for stack in STACKS}
    assert secrets == {stack: secrets_of(stack) for stack in STACKS}
    ids = {stack: Counter(str(each.rootfi_id) for each in made[stack]) for stack in STACKS}
    assert tracked(backend) == ids


def prepare(project: Project, url: str) -> None:
    project.folder.mkdir()
    project.write()
    project.new_stack(project.stack)
    integrations = {
        kind: {
            "integration_type": kind,
            "client_id": f"{project.stack}-{kind}",
            "client_secret": {"from_env": kind},
        }
        for kind in KINDS
    }
    project.declare(integrations, baseUrl=url)


def secrets_of(stack: str) -> dict[str, str]:
    """One for each type; the variable has the type's name."""
    return {kind: f"secret-of-{stack}-for-{kind}" for kind in KINDS}


def tracked(backend: Backend) -> dict[str, Counter[str]]:
    """Count the ids of the integrations in each stored state, by stack."""
    states = {
        Path(key).stem: json.loads(state) for key, state in backend.stored().items() if STATE.search(key)
    }
    return {
        stack: Counter(
            each["id"]
            for each in state["checkpoint"]["latest"]["resources"]
            if each["type"].endswith(":RootFiIntegration")
        )
        for stack, state in states.items()
    }
