"""A hunt for secrets in everything that any command of Pulumi prints, logs or writes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator
from tests.support.pulumi_project import XERO, Project, files_that_hold

TRACKED = "tracked/secret+1"
LOUD = ("--debug", "--logtostderr", "--logflow", "-v=11")
COMMANDS = (
    ("up", "--yes", "--diff"),
    ("up", "--yes", "--skip-preview", "--json"),
    ("preview", "--diff", "--json"),
    ("preview", "--diff", *LOUD),
    ("refresh", "--yes", "--diff", *LOUD),
    ("up", "--yes", *LOUD),
    ("stack", "export"),
    ("stack", "output", "--json"),
    ("stack",),
    ("config",),
    ("destroy", "--yes", "--diff", *LOUD),
)


def declare_both_ways(project: Project, _: Emulator) -> None:
    api_key = project.environ.pop("ROOTFI_API_KEY")
    project.secrets = [TRACKED, api_key, project.environ["XERO_CLIENT_SECRET"]]
    project.declare({"xero": XERO, "wave": {"integration_type": "WAVE", "client_id": "wave-app"}})
    path = "rootfi:integrations.wave.client_secret"
    project.pulumi("config", "set", "--secret", "--path", path, stdin=TRACKED)
    project.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=api_key)


@pytest.fixture
def both_ways(prepared: Callable[..., Project]) -> Project:
    """The project with a tracked secret and one of the environment; the key is encrypted in the config."""
    return prepared(declare_both_ways)


@pytest.mark.case
def test_no_command_prints_or_writes_a_secret_however_loud(
    both_ways: Project, tmp_path: Path, pulumi_home: Path
) -> None:
    # Each command asserts that its own output holds none.
    outputs = [both_ways.pulumi(*command).output for command in COMMANDS]
    assert max(map(len, outputs)) > 50_000, "the loud ones were not loud"
    assert files_that_hold(tmp_path, both_ways.secrets) == []
    assert files_that_hold(pulumi_home, both_ways.secrets) == []


@pytest.mark.case
def test_a_saved_plan_holds_no_secret(both_ways: Project, tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    both_ways.preview("--save-plan", str(plan), PULUMI_EXPERIMENTAL="true")
    assert "client_secret" in plan.read_text()
    assert files_that_hold(tmp_path, both_ways.secrets) == []


@pytest.mark.case
def test_the_event_log_holds_no_secret(both_ways: Project, tmp_path: Path) -> None:
    log = tmp_path / "events.json"
    both_ways.up("--event-log", str(log), PULUMI_DEBUG_COMMANDS="true")
    assert "client_secret" in log.read_text()
    assert files_that_hold(tmp_path, both_ways.secrets) == []


@pytest.mark.case
def test_a_trace_file_holds_only_tracked_secrets(both_ways: Project, tmp_path: Path) -> None:
    # Pulumi's own, which a provider cannot prevent: docs/secrets.md says it.
    trace = tmp_path / "trace"
    both_ways.up("--tracing", f"file:{trace}")
    assert files_that_hold(tmp_path, [both_ways.environ["XERO_CLIENT_SECRET"]]) == []
    assert files_that_hold(tmp_path, [TRACKED]) == [str(trace)]


@pytest.mark.case
def test_an_exported_secret_is_a_secret_of_the_stack(project: Project) -> None:
    project.environ["PLAIN"] = TRACKED
    project.secrets.append(TRACKED)
    project.write(
        "import os, pulumi\n"
        "from rootfi_pulumi import RootFiIntegration\n"
        "made = RootFiIntegration('x', integration_type='XERO', client_id='x', client_secret=os.environ['PLAIN'])\n"
        "pulumi.export('secret', made.client_secret)\n"
    )
    project.up()
    assert project.output("secret") == "[secret]"
    shown = project.pulumi("stack", "output", "--json", "--show-secrets").output
    assert json.loads(shown)["secret"] == TRACKED


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"apiKey": "plain-in-the-file"}, "rootfi:apiKey: is in plain text"),
        (
            {"integrations": {"xero": XERO | {"client_secret": "plain-in-the-file"}}},
            "integrations.xero.client_secret: is in plain text",
        ),
    ],
)
def test_up_refuses_a_secret_in_plain_text(
    project: Project, emulator: Emulator, config: dict[str, object], problem: str
) -> None:
    project.secrets.append("plain-in-the-file")
    project.declare({"xero": XERO})
    project.declare(**config)
    assert problem in project.up(code=None).output
    assert emulator.calls == []


@pytest.mark.case
def test_up_refuses_one_plain_secret_among_encrypted_ones(both_ways: Project, emulator: Emulator) -> None:
    both_ways.secrets.append("plain-in-the-file")
    path = "rootfi:integrations.xero.client_secret"
    both_ways.pulumi("config", "set", "--path", path, "--plaintext", stdin="plain-in-the-file")
    assert "integrations.xero.client_secret: is in plain text" in both_ways.up(code=None).output
    assert emulator.calls == []


@pytest.mark.parametrize("opts", ["None", "ResourceOptions(provider=RootFiProvider('other', api_key='key'))"])
def test_a_library_program_refuses_a_plain_key_too(project: Project, emulator: Emulator, opts: str) -> None:
    project.secrets.append("plain-in-the-file")
    project.write(
        "from pulumi import ResourceOptions\n"
        "from rootfi_pulumi import RootFiIntegration, RootFiProvider\n"
        "xero = {'integration_type': 'XERO', 'client_id': 'x', 'client_secret': 'y'}\n"
        f"RootFiIntegration('x', **xero, opts={opts})\n"
    )
    project.declare(apiKey="plain-in-the-file")
    assert "rootfi:apiKey: is in plain text" in project.up(code=None).output
    assert emulator.calls == []
