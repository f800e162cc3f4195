"""The client secret and the API key are in nothing that Pulumi prints or stores, whatever happens.

Each command of `Project` asserts it for its own output; here the state and every other file are read too.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rootfi_pulumi.api.models import IntegrationType
from rootfi_pulumi.emulator import Emulator, Fault
from tests.support.pulumi_project import XERO, Project, Result, encodings, files_that_hold

TRACKED = 'päss"word/+ with&all= kinds'
FAULTS = {
    "bad request": Fault(status=400, echo=True, times=None),
    "key refused": Fault(status=401, echo=True, times=None, shape="write"),
    "forbidden": Fault(status=403, echo=True, times=None, shape="v4"),
    "not found": Fault(status=404, echo=True, times=None),
    "rate limit": Fault(status=429, echo=True, times=None),
    "server error": Fault(status=500, echo=True, times=None),
    "server error in text": Fault(status=502, echo=True, times=None, shape="text"),
    "server error in html": Fault(status=503, echo=True, times=None, shape="html"),
    "hang-up before": Fault(hang_up="before", times=None),
    "hang-up after": Fault(hang_up="after", times=None),
    "garbage": Fault(body="\x00garbage", times=None),
    "truncated": Fault(body='{"data": {"rootfi_id": 12', times=None),
    "no id": Fault(body='{"data": {}}', times=None),
    "redirect": Fault(status=302, headers={"Location": "http://127.0.0.1:9/"}, times=None),
}

ONE_FOR_EACH_FAULT = f"""
import os
from rootfi_pulumi import IntegrationType, RootFiIntegration

for integration_type in list(IntegrationType)[:{len(FAULTS)}]:
    RootFiIntegration(
        integration_type.lower(),
        integration_type=integration_type,
        client_id=os.environ["CLIENT_ID"],
        client_secret=os.environ["CLIENT_SECRET"],
    )
"""


def declare_tracked(project: Project, _: Emulator) -> None:
    api_key = project.environ.pop("ROOTFI_API_KEY")
    project.secrets = [form for secret in (TRACKED, api_key) for form in encodings(secret)]
    project.declare({"xero": {"integration_type": "XERO", "client_id": "xero-app"}})
    path = "rootfi:integrations.xero.client_secret"
    project.pulumi("config", "set", "--secret", "--path", path, stdin=TRACKED)
    project.pulumi("config", "set", "--secret", "rootfi:apiKey", stdin=api_key)


@pytest.fixture
def tracked(prepared: Callable[..., Project]) -> Project:
    """The project that declares a XERO integration whose secret, like the key, is encrypted in the config."""
    return prepared(declare_tracked)


@pytest.mark.case
def test_a_tracked_secret_reaches_rootfi_as_it_is(tracked: Project, emulator: Emulator) -> None:
    tracked.up()
    assert emulator.integration(1234).client_secret == TRACKED


def test_a_tracked_secret_is_a_pulumi_secret_in_inputs_and_outputs(tracked: Project) -> None:
    tracked.up()
    resource = tracked.resources()["xero"]
    assert "ciphertext" in resource["inputs"]["client_secret"]
    assert "ciphertext" in resource["outputs"]["client_secret"]
    shown = tracked.resources(show_secrets=True)["xero"]["outputs"]["client_secret"]
    assert json.loads(shown["plaintext"]) == TRACKED


@pytest.mark.case
def test_nothing_else_becomes_secret_by_contagion(tracked: Project) -> None:
    tracked.up()
    outputs = tracked.resources()["xero"]["outputs"]
    secret = {name for name, value in outputs.items() if "ciphertext" in str(value)}
    assert secret == {"client_secret", "client_secret_shown"}


def test_no_file_holds_a_tracked_secret_or_the_key(tracked: Project, api_key: str, tmp_path: Path) -> None:
    tracked.up()
    tracked.refresh()
    tracked.destroy()
    assert files_that_hold(tmp_path, [TRACKED, api_key]) == []


def test_no_file_holds_a_secret_or_key_from_the_environment(
    project: Project, api_key: str, tmp_path: Path
) -> None:
    project.declare({"xero": XERO})
    project.up()
    project.refresh()
    secrets = [api_key, project.environ["XERO_CLIENT_SECRET"]]
    assert files_that_hold(tmp_path, secrets) == []
    state = project.resources(show_secrets=True)["xero"]["inputs"]["client_secret"]
    assert state["from_env"] == "XERO_CLIENT_SECRET"
    assert "ciphertext" in project.resources()["xero"]["inputs"]["client_secret"]["digest"]


@pytest.fixture
def stormy(project: Project, api_key: str) -> Project:
    """An integration for each fault, all with one plain secret in the program."""
    project.secrets = [form for secret in (TRACKED, api_key) for form in encodings(secret)]
    project.environ |= {"CLIENT_ID": "app", "CLIENT_SECRET": TRACKED}
    # Faults that pass are asked again until then; these do not pass.
    project.declare(timeoutSeconds=1)
    project.write(ONE_FOR_EACH_FAULT)
    return project


def inject_all(emulator: Emulator, operation: str) -> None:
    for integration_type, fault in zip(IntegrationType, FAULTS.values(), strict=False):
        which = {"operation": operation, "integration_type": integration_type}
        emulator.inject(fault.model_copy(update=which))


def assert_nothing_shown(result: Result, folder: Path, api_key: str) -> None:
    assert "Traceback" not in result.output
    assert files_that_hold(folder, [TRACKED, api_key]) == []


def test_no_failure_of_create_shows_a_secret(
    stormy: Project, emulator: Emulator, api_key: str, tmp_path: Path
) -> None:
    inject_all(emulator, "create")
    result = stormy.up("--continue-on-error", code=None)
    assert result.output.count("POST /integrations: ") >= len(FAULTS)
    assert_nothing_shown(result, tmp_path, api_key)


@pytest.mark.case
@pytest.mark.parametrize("operation", ["read", "update", "delete"])
def test_no_failure_of_a_later_operation_shows_a_secret(
    stormy: Project, emulator: Emulator, api_key: str, tmp_path: Path, operation: str
) -> None:
    stormy.up()
    inject_all(emulator, "read" if operation == "read" else "update")
    if operation == "read":
        result = stormy.refresh(code=None)
    elif operation == "update":
        result = stormy.up("--continue-on-error", code=None, CLIENT_ID="another")
    else:
        result = stormy.destroy("--continue-on-error", code=None)
    assert_nothing_shown(result, tmp_path, api_key)
