"""Projects that are prepared once in a run of the tests and copied for each test, with the RootFi behind them.

`stack init`, `config set` and a first `up` cost seconds each, and hundreds of tests begin after them.
"""

import json
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha1
from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator, Fault, Snapshot
from tests.support.distribution.clone import deployment_packages
from tests.support.distribution.workflow import Clone, runner, with_secrets
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import XERO, Project, environment
from tests.support.session_folder import made_once

Step = Callable[[Project, Emulator], None]


@dataclass(frozen=True)
class _Prepared:
    """A project or a clone that no test runs, and what RootFi has of it."""

    project: Project | Clone
    url: str
    snapshot: Snapshot


@dataclass
class Workshop:
    """Prepares projects, each on first use; all have the same key and secrets."""

    factory: pytest.TempPathFactory
    pulumi_folder: str
    pulumi_home: Path
    api_key: str

    def copy(self, folder: Path, environ: dict[str, str], emulator: Emulator, *steps: Step) -> Project:
        """Return a project after these steps, in a folder that `environ` is for, that asks this emulator.

        The steps run once, on a project with an empty stack `dev`; what RootFi has then, the emulator gets.
        A step is known by its name.
        """
        prepared = self._after(steps)
        assert isinstance(prepared.project, Project)
        environ = prepared.project.environ | environ
        project = replace(
            prepared.project,
            folder=_copy(prepared, folder, emulator),
            environ=environ,
            secrets=[*prepared.project.secrets],
        )
        _select(project)
        return project

    def deployed_clone(self, folder: Path, environ: dict[str, str], emulator: Emulator) -> Clone:
        """Return a clone whose stack dev was deployed, in a folder that `environ` is for."""
        prepared = self._load(made_once(self.factory, "prepared-clone", self._deploy_clone))
        assert isinstance(prepared.project, Clone)
        return with_secrets(_copy(prepared, folder, emulator), environ, {**prepared.project.secrets})

    def _deploy_clone(self, folder: Path) -> None:
        environ = environment(folder, self.pulumi_folder, self.pulumi_home)
        with Emulator(patience=PATIENCE) as emulator:
            emulator.add_organisation(self.api_key)
            clone = runner(
                folder / "clone",
                environ,
                emulator,
                self.api_key,
                deployment_packages(self.factory, environ),
            )
            clone.job("deploy", "dev")
            self._keep(folder, clone, emulator)

    def _after(self, steps: tuple[Step, ...]) -> _Prepared:
        name = "+".join(["new", *(f"{step.__module__}.{step.__name__}" for step in steps)])
        return self._load(made_once(self.factory, f"prepared-{name}", partial(self._prepare, steps)))

    def _prepare(self, steps: tuple[Step, ...], folder: Path) -> None:
        environ = environment(folder, self.pulumi_folder, self.pulumi_home)
        with Emulator(patience=PATIENCE) as emulator:
            if steps:
                project = self.copy(folder, environ, emulator, *steps[:-1])
                steps[-1](project, emulator)
            else:
                emulator.add_organisation(self.api_key)
                project = Project.new(folder, environ, emulator.url, self.api_key)
            self._keep(folder, project, emulator)

    @staticmethod
    def _keep(folder: Path, project: Project | Clone, emulator: Emulator) -> None:
        prepared = _Prepared(project, emulator.url, emulator.snapshot())
        (folder / "prepared").write_bytes(pickle.dumps(prepared))

    @staticmethod
    def _load(folder: Path) -> _Prepared:
        prepared: _Prepared = pickle.loads((folder / "prepared").read_bytes())
        return prepared


def _copy(prepared: _Prepared, folder: Path, emulator: Emulator) -> Path:
    """Copy the project and its state, and give the emulator what RootFi has; return the project's folder."""
    source = prepared.project.folder
    target = folder / source.name
    for each in (source, source.parent / "state"):
        shutil.copytree(each, folder / each.name, symlinks=True, dirs_exist_ok=True)
    for path in (*(target / "stacks").glob("*.yaml"), *(folder / "state").rglob("*.json")):
        path.write_text(path.read_text().replace(prepared.url, emulator.url))
    emulator.restore(prepared.snapshot)
    return target


def _select(project: Project) -> None:
    # As `pulumi stack select` does, without the time that it takes.
    path = str(project.folder / "Pulumi.yaml")
    name = f"rootfi-{sha1(path.encode(), usedforsecurity=False).hexdigest()}-workspace.json"
    selected = {project.environ["PULUMI_BACKEND_URL"]: f"organization/rootfi/{project.stack}"}
    workspaces = Path(project.environ["PULUMI_HOME"]) / "workspaces"
    workspaces.mkdir(exist_ok=True)  # no `pulumi` of this process has run yet
    (workspaces / name).write_text(json.dumps({"stacks": selected}))


def deploy_xero(project: Project, _: Emulator) -> None:
    """Create one XERO integration, id 1234."""
    project.declare({"xero": XERO})
    project.up()


def lose_answer_to_create(project: Project, emulator: Emulator) -> None:
    """Run an `up` whose POST lands, as 1234, and whose answer is lost."""
    emulator.inject(Fault(operation="create", hang_up="after"))
    project.declare({"xero": XERO})
    project.up(code=None)
