"""The schema against stack files that Pulumi wrote."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.pulumi_project import REPOSITORY, Project

pytestmark = pytest.mark.case

MODELINE = "# yaml-language-server: $schema=schema.json\n"
VALIDATOR = Path(sys.executable).with_name("check-jsonschema")
SECRET = "rootfi:integrations.quickbooks-sandbox.client_secret"


@pytest.fixture
def stack(project: Project, api_key: str) -> Path:
    """The repository's own dev stack, into which Pulumi has written what it can."""
    path = project.folder / "stacks" / "Pulumi.dev.yaml"
    path.write_text((REPOSITORY / "stacks" / "Pulumi.dev.yaml").read_text())
    sandbox = "rootfi:integrations.rootfi-sandbox"
    plain = [f"{sandbox}.adopt=1234", f"{sandbox}.protect=true", "rootfi:timeoutSeconds=30", "aws:region=x"]
    project.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=api_key)
    project.pulumi("config", "set", "--secret", "--path", SECRET, stdin="tracked")
    project.pulumi("config", "set-all", "--path", *(f"--plaintext={each}" for each in plain))
    project.pulumi("config", "rm", "rootfi:baseUrl")
    return path


def test_pulumi_keeps_the_line_by_which_editors_find_the_schema(stack: Path) -> None:
    assert stack.read_text().startswith(MODELINE)


def test_what_pulumi_writes_fits_the_schema(stack: Path) -> None:
    schema = REPOSITORY / "stacks" / "schema.json"
    done = subprocess.run(
        [VALIDATOR, "--schemafile", schema, stack], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
