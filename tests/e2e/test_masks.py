"""Where RootFi masks secrets, whatever the mask, no `pulumi` command writes the mask into RootFi."""

import json
from typing import Any

import pytest

from rootfi_pulumi.api.masks import is_mask
from rootfi_pulumi.emulator import Emulator, Settings
from tests.support.command.in_project import rootfi_pulumi
from tests.support.pulumi_project import XERO, Project

# One that is recognised, and one that only RootFi's answers give away.
MASKS = ["[REDACTED]", pytest.param("4f2a", marks=pytest.mark.case)]
SHOWN = "client_secret_shown"


def live_secret(emulator: Emulator) -> str:
    return emulator.integration(1234).client_secret


def sent(emulator: Emulator) -> set[Any]:
    return {request.body_member("client_secret") for request in emulator.requests} - {None}


@pytest.mark.case
def test_captured_mask_leaves_the_live_secret(project: Project, emulator: Emulator, api_key: str) -> None:
    secret = project.environ["XERO_CLIENT_SECRET"]
    emulator.add_integration(api_key, integration_type="XERO", client_id="xero-app", client_secret=secret)
    emulator.settings = Settings(secrets="masked", mask="[REDACTED]")
    rootfi_pulumi(project, "capture", "1234")
    declared = project.declared()
    assert declared["xero"]["client_secret"] == {"from_env": "XERO_CLIENT_SECRET"}
    project.up()
    project.declare({"xero": declared["xero"] | {"is_disabled": True}})
    project.up("--refresh")
    live = emulator.integration(1234)
    assert (live.is_disabled, live.client_secret, sent(emulator)) == (True, secret, {secret})
    project.preview("--refresh", "--expect-no-changes")


@pytest.mark.parametrize("mask", MASKS)
def test_adopted_mask_leaves_the_live_secret(
    project: Project, emulator: Emulator, api_key: str, mask: str
) -> None:
    secret = project.environ["XERO_CLIENT_SECRET"]
    emulator.add_integration(api_key, integration_type="XERO", client_id="xero-app", client_secret=secret)
    emulator.settings = Settings(secrets="masked", mask=mask)
    project.declare({"xero": XERO | {"adopt": 1234}})
    # A text that no rule recognises is a difference.
    project.up(code=0 if is_mask(mask) else None)
    project.refresh()
    project.declare({"xero": XERO | {"adopt": 1234, "is_disabled": True}})
    project.up()
    assert (emulator.integration(1234).is_disabled, live_secret(emulator)) == (True, secret)
    project.refresh("--expect-no-changes")
    project.preview("--refresh", "--expect-no-changes")
    project.destroy()
    assert sent(emulator) == {secret}


@pytest.mark.parametrize("mask", MASKS)
def test_mask_is_neither_drift_nor_in_the_state(project: Project, emulator: Emulator, mask: str) -> None:
    emulator.settings = Settings(secrets="masked", mask=mask)
    project.declare({"xero": XERO})
    project.up()
    project.refresh("--expect-no-changes")
    project.preview("--refresh", "--expect-no-changes")
    outputs = project.resources()["xero"]["outputs"]
    # Encrypted: the digest of a short mask can be guessed.
    assert "ciphertext" in outputs[SHOWN]
    assert mask not in json.dumps(project.resources(show_secrets=True)["xero"]["outputs"]["client_secret"])


@pytest.mark.case
def test_state_without_the_output_is_unchanged(deployed: Project, emulator: Emulator) -> None:
    state = json.loads(deployed.pulumi("stack", "export").output)
    for resource in state["deployment"]["resources"]:
        resource.get("outputs", {}).pop(SHOWN, None)
        resource["additionalSecretOutputs"] = []
    deployed.pulumi("stack", "import", stdin=json.dumps(state))
    deployed.refresh("--expect-no-changes")
    deployed.up("--refresh", "--expect-no-changes")
    deployed.secrets.append("by-hand")
    emulator.edit(1234, client_secret="by-hand")
    deployed.up("--refresh")
    assert live_secret(emulator) == deployed.environ["XERO_CLIENT_SECRET"]
    assert "ciphertext" in deployed.resources()["xero"]["outputs"][SHOWN]
