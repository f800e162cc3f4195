"""A throw-away Pulumi project on which the tests run the real `pulumi`."""

import base64
import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import yaml

from tests.support.patience import PATIENCE

REPOSITORY = Path(__file__).parents[2]
PROGRAM = (REPOSITORY / "__main__.py").read_text()
XERO = {
    "integration_type": "XERO",
    "client_id": "xero-app",
    "client_secret": {"from_env": "XERO_CLIENT_SECRET"},
}
QUICKBOOKS = {
    "integration_type": "QUICKBOOKS",
    "client_id": "quickbooks-app",
    "client_secret": {"from_env": "QUICKBOOKS_CLIENT_SECRET"},
}

# By these, coverage is measured in a process and in what that starts. `pulumi up` then takes half as long again:
# only tests that are marked `measured` ask for it.
MEASURE = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}


@dataclass
class Result:
    code: int
    output: str


def environment(folder: Path, pulumi_folder: str, pulumi_home: Path) -> dict[str, str]:
    """Return an environment for `pulumi` whose state and temporary files are in a folder of their own."""
    state, temporary = folder / "state", folder / "tmp"
    state.mkdir()
    temporary.mkdir()
    foreign = ("PULUMI_", "ROOTFI_", "AWS_", "PG", "COVERAGE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    # `python3` is the one that made this environment, not a version manager's, which takes its time each time.
    first = [pulumi_folder, str(Path(sys.base_prefix) / "bin")]
    return kept | {
        "PATH": os.pathsep.join([*first, os.environ["PATH"]]),
        "PULUMI_HOME": str(pulumi_home),
        "TMPDIR": str(temporary),
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "not a secret",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PYTHONPATH": str(REPOSITORY),
        # A command ends before collecting garbage pays.
        "GOGC": "off",
        "GOMEMLIMIT": "1GiB",
        # Of what a test installs, few modules are imported.
        "PIP_NO_COMPILE": "1",
    }


@dataclass
class Project:
    """A Pulumi project in a folder of its own; `secrets` may occur in nothing that a command prints."""

    folder: Path
    environ: dict[str, str]
    secrets: list[str] = field(default_factory=list)
    stack: str = "dev"

    @classmethod
    def new(cls, folder: Path, environ: dict[str, str], url: str, api_key: str) -> Self:
        """Return one with the repository's own program and an empty stack `dev`, in a folder below this."""
        (folder / "project").mkdir()
        xero, quickbooks = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        own = {"ROOTFI_API_KEY": api_key, "XERO_CLIENT_SECRET": xero, "QUICKBOOKS_CLIENT_SECRET": quickbooks}
        project = cls(folder / "project", environ | own, [api_key, xero, quickbooks])
        project.write()
        project.declare(baseUrl=url)
        project.new_stack()
        return project

    def write(self, program: str = PROGRAM) -> None:
        (self.folder / "__main__.py").write_text(program)
        settings = (REPOSITORY / "Pulumi.yaml").read_text()
        settings = settings.replace("virtualenv: .venv", f"virtualenv: {sys.prefix}")
        if program != PROGRAM:
            # Another program declares no config of ours.
            settings = settings.partition("config:")[0]
        (self.folder / "Pulumi.yaml").write_text(settings)

    def declare(self, integrations: object = None, /, **config: object) -> None:
        """Set the stack's config, keeping what Pulumi wrote there."""
        path = self.folder / "stacks" / f"Pulumi.{self.stack}.yaml"
        path.parent.mkdir(exist_ok=True)
        content = yaml.safe_load(path.read_text()) if path.exists() else {}
        values = {f"rootfi:{key}": value for key, value in config.items()}
        if integrations is not None:
            values["rootfi:integrations"] = integrations
        content["config"] = content.get("config", {}) | values
        path.write_text(yaml.safe_dump(content, sort_keys=False))

    def declared(self) -> dict[str, Any]:
        """The integrations that the stack's file declares now."""
        content = yaml.safe_load((self.folder / "stacks" / f"Pulumi.{self.stack}.yaml").read_text())
        return dict(content["config"]["rootfi:integrations"])

    def pulumi(self, *args: str, code: int | None = 0, stdin: str = "", **environ: str) -> Result:
        """Run a command; `code` is the expected exit code, None for any failure."""
        result = self.attempt(*args, stdin=stdin, **environ)
        assert (result.code != 0) if code is None else (result.code == code), result.output
        return result

    def attempt(self, *args: str, stdin: str = "", **environ: str) -> Result:
        """Run a command that may fail."""
        done = subprocess.run(
            ["pulumi", *args, "--non-interactive", "--color=never"],
            cwd=self.folder,
            env=self.environ | environ,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=5 * PATIENCE,
            check=False,
        )
        result = Result(done.returncode, done.stdout)
        if "--show-secrets" not in args:
            leaked = [secret for secret in self.secrets if secret in result.output]
            assert not leaked, f"pulumi {args[0]} printed {leaked}"
        return result

    def new_stack(self, stack: str = "dev") -> None:
        self.stack = stack
        self.pulumi("stack", "init", stack)

    def up(self, *args: str, code: int | None = 0, **environ: str) -> Result:
        return self.pulumi("up", "--yes", "--skip-preview", *args, code=code, **environ)

    def preview(self, *args: str, code: int | None = 0, **environ: str) -> Result:
        return self.pulumi("preview", "--diff", *args, code=code, **environ)

    def refresh(self, *args: str, code: int | None = 0, **environ: str) -> Result:
        return self.pulumi("refresh", "--yes", "--skip-preview", *args, code=code, **environ)

    def destroy(self, *args: str, code: int | None = 0, **environ: str) -> Result:
        return self.pulumi("destroy", "--yes", "--skip-preview", *args, code=code, **environ)

    def output(self, name: str = "integrations") -> Any:
        return json.loads(self.pulumi("stack", "output", "--json").output)[name]

    def deployment(self, *args: str) -> dict[str, Any]:
        """The stack's state, as `pulumi stack export` prints it."""
        exported = json.loads(self.pulumi("stack", "export", *args).output)["deployment"]
        return dict(exported)

    def all_integrations(self, *args: str) -> list[dict[str, Any]]:
        """The integrations in the state, those that wait for their deletion too."""
        resources = self.deployment(*args).get("resources", [])
        return [resource for resource in resources if resource["type"].endswith(":RootFiIntegration")]

    def resources(self, *, show_secrets: bool = False) -> dict[str, dict[str, Any]]:
        """The integrations in the state, by name."""
        found = self.all_integrations(*(["--show-secrets"] if show_secrets else []))
        return {each["urn"].rpartition("::")[2]: each for each in found if not each.get("delete")}


def encodings(secret: str) -> list[str]:
    raw = secret.encode()
    return [secret, json.dumps(secret)[1:-1], quote(secret, safe=""), base64.b64encode(raw).decode()]


def files_that_hold(folder: Path, secrets: list[str]) -> list[str]:
    needles = [needle.encode() for secret in secrets for needle in encodings(secret)]
    return [
        str(path)
        for path in folder.rglob("*")
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    ]
