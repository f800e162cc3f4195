"""Runs `rootfi-pulumi doctor` in a project of the tests, and pastes what it says into a shell."""

import json
import shlex
import subprocess
import sys

from tests.support.patience import PATIENCE
from tests.support.pulumi_project import MEASURE, REPOSITORY, Project

# Without PYTHONPATH, which the project's own Python would take as well.
_COMMAND = f"import sys; sys.path.insert(0, {str(REPOSITORY)!r}); from rootfi_pulumi.cli import main; main()"
DOCTOR = [sys.executable, "-c", _COMMAND, "doctor"]


def problem(project: Project, subject: str, **environ: str) -> dict[str, str]:
    """Return the only problem that doctor finds, which is of this subject."""
    [found] = problems(project, **environ)
    assert found["subject"] == subject, found
    return found


def problems(project: Project, **environ: str) -> list[dict[str, str]]:
    found = findings(project, code=1, **environ)
    return [each for each in found if each["status"] == "problem"]


def findings(project: Project, *args: str, code: int, **environ: str) -> list[dict[str, str]]:
    """Return what doctor finds."""
    done = _run([*DOCTOR, "--json", *args], project, environ)
    assert done.returncode == code, done.stdout
    return list(json.loads(done.stdout))


def complaints(project: Project, **environ: str) -> list[dict[str, str]]:
    """Return what is not ok, where doctor is to exit with 0."""
    return [each for each in findings(project, code=0, **environ) if each["status"] != "ok"]


def cure(project: Project, command: str, stdin: str = "", code: int = 0, **environ: str) -> str:
    """Paste a command into a shell, where doctor is asked again; return what both print."""
    again = shlex.join(DOCTOR)
    done = _run(["bash", "-c", f"set -e\n{command}\n{again}"], project, environ, stdin)
    assert done.returncode == code, done.stdout
    return done.stdout


def _run(
    command: list[str], project: Project, environ: dict[str, str], stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command,
        cwd=project.folder,
        env=project.environ | MEASURE | environ,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=10 * PATIENCE,
        check=False,
    )
    assert not [secret for secret in project.secrets if secret in done.stdout]
    assert "Traceback" not in done.stdout
    return done
