"""Reads the workflows in .github and runs their jobs' steps with bash in a clone, as GitHub does.

Actions are not run: the clone's environment has what they would install.
"""

import os
import re
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rootfi_pulumi.emulator import Emulator
from tests.support.distribution.clone import clone
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import REPOSITORY, Result

WORKFLOWS = REPOSITORY / ".github" / "workflows"
STACKS = ("dev", "staging", "prod")
# Nothing else is evaluated, so a step cannot hold anything else.
_EXPRESSION = re.compile(r"\$\{\{ (secrets|vars)\.(\w+) \}\}")


def read(name: str, folder: Path = WORKFLOWS) -> dict[str, Any]:
    """A workflow, with its triggers under `on` (for YAML 1.1 that word is True)."""
    workflow: dict[Any, Any] = yaml.safe_load((folder / f"{name}.yml").read_text())
    workflow["on"] = workflow.pop(True)
    return workflow


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every job, with the names of its workflow and its own."""
    for path in sorted(WORKFLOWS.glob("*.yml")):
        for name, job in read(path.stem)["jobs"].items():
            yield path.stem, name, job


def passed(job: Mapping[str, Any]) -> set[str]:
    """The names of the secrets that a job's steps are given."""
    return {
        name
        for step in job["steps"]
        for value in step.get("env", {}).values()
        for kind, name in _EXPRESSION.findall(value)
        if kind == "secrets"
    }


@dataclass
class Clone:
    """A clone of a repository on a runner, with the secrets and variables of an environment."""

    folder: Path
    environ: dict[str, str]
    secrets: dict[str, str]
    variables: dict[str, str]

    @property
    def summary(self) -> Path:
        return self.folder / "summary.md"

    @property
    def _path(self) -> Path:
        return self.folder / "path.txt"

    def job(self, step: str, stack: str, *, target: str = "", code: int | None = 0) -> Result:
        """Run the commands of a stack's job, without the report; or its set-up and the report, the `target`.

        `code` is the expected exit code of the last one, None for any failure.
        """
        result = Result(0, "")
        for each in self.steps(step, stack):
            _, is_command, command = each.get("run", "").partition("rootfi-pulumi ")
            if "run" in each and (not is_command or command.startswith(target or step)):
                assert result.code == 0, result.output
                result = self.step(each)
        assert (result.code != 0) if code is None else (result.code == code), result.output
        return result

    def steps(self, step: str, stack: str) -> list[dict[str, Any]]:
        jobs = read("rootfi", self.folder / ".github" / "workflows")["jobs"]
        found: list[dict[str, Any]] = jobs[f"{step}-{stack}"]["steps"]
        return found

    def step(self, step: Mapping[str, Any]) -> Result:
        return self._finish(self.start(step))

    def script(self, lines: str, environ: Mapping[str, str]) -> Result:
        return self._finish(self._start(lines, environ))

    def start(self, step: Mapping[str, Any]) -> subprocess.Popen[str]:
        """Start a step as GitHub does, with no other secrets than it is given."""
        known = {"secrets": self.secrets, "vars": self.variables}
        env = {
            name: known[match[1]][match[2]]
            for name, value in step.get("env", {}).items()
            if (match := _EXPRESSION.fullmatch(value))
        }
        assert env.keys() == step.get("env", {}).keys()
        return self._start(step["run"], env | self._github())

    def _start(self, script: str, environ: Mapping[str, str]) -> subprocess.Popen[str]:
        path = self.folder.parent / "script.sh"
        path.write_text(
            script + "\n"
        )  # as GitHub does: bash would replace itself by the last command of a -c
        return subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(path)],
            cwd=self.folder,
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def _finish(self, process: subprocess.Popen[str]) -> Result:
        printed, _ = process.communicate(timeout=5 * PATIENCE)
        leaked = [name for name, value in self.secrets.items() if value and value in printed]
        assert not leaked, f"the step printed {leaked}"
        return Result(process.returncode, printed)

    def _github(self) -> dict[str, str]:
        added = self._path.read_text().split() if self._path.exists() else []
        return {
            "GITHUB_ACTIONS": "true",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_PATH": str(self._path),
            "PATH": os.pathsep.join([*reversed(added), self.environ["PATH"]]),
        }

    def pulumi(self, *args: str) -> str:
        """Run what a person runs once, or after a killed job."""
        done = subprocess.run(
            ["pulumi", *args, "--non-interactive"],
            cwd=self.folder,
            env=self.environ | self.variables | self.secrets,
            capture_output=True,
            text=True,
            timeout=5 * PATIENCE,
            check=True,
        )
        return done.stdout


def runner(
    folder: Path, environ: Mapping[str, str], emulator: Emulator, api_key: str, packages: Path
) -> Clone:
    """A clone with the stack dev in its backend, and all that the stack's jobs ask for."""
    clone(folder, emulator.url, packages)
    values = {name: secrets.token_urlsafe(24) for name in _asked()} | {"ROOTFI_API_KEY": api_key}
    made = with_secrets(folder, environ, values)
    made.pulumi("stack", "init", "dev")
    return made


def with_secrets(folder: Path, environ: Mapping[str, str], values: dict[str, str]) -> Clone:
    """The clone in this folder, whose jobs get these secrets and nothing else that they must bring themselves."""
    variables = {"PULUMI_BACKEND_URL": environ["PULUMI_BACKEND_URL"]}
    # Coverage looks for the files that it counted, later.
    foreign = ("COVERAGE_", "PYTHONPATH", "PULUMI_CONFIG_", "PULUMI_BACKEND_", *_asked())
    kept = {name: value for name, value in environ.items() if not name.startswith(foreign)}
    return Clone(folder, kept, values, variables)


def _asked() -> set[str]:
    return passed(read("rootfi")["jobs"]["deploy-dev"])
