"""The config of an inline program of the Automation API, which the engine passes in another way."""

import secrets

from rootfi_pulumi.emulator import Emulator
from tests.support.patience import PATIENCE
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project
from tests.support.runs.automation import start_up


def test_inline_program_gets_every_mistake_of_its_config(project: Project, emulator: Emulator) -> None:
    plain = secrets.token_urlsafe(24)
    project.declare({"xero": XERO | {"client_secret": plain}, "quickbooks": QUICKBOOKS}, timeoutSecond=60)
    output, _ = start_up(project, "inline").cli.communicate(timeout=5 * PATIENCE)
    assert "rootfi:timeoutSecond: is not a setting: did you mean rootfi:timeoutSeconds?" in output
    assert "integrations.xero.client_secret: is in plain text" in output
    assert plain not in output
    assert emulator.calls == []
