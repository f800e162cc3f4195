from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.emulator.seed import declared, plant

STACK = """\
config:
  rootfi:integrations:
    xero:
      integration_type: XERO
      client_id: xero-app
      client_secret: {secure: v1:abc}
      is_disabled: true
    wave:
      integration_type: WAVE
      client_id: wave-app
      client_secret: {from_env: WAVE_CLIENT_SECRET}
      is_rootfi_identity: true
      adopt: 1234
"""


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(STACK)
    return path


def test_what_the_file_declares_exists_and_has_the_id_that_it_adopts(
    stack: Path, emulator: Emulator, api_key: str
) -> None:
    planted = plant(emulator, api_key, declared(str(stack)))
    assert list(planted) == ["xero", "wave"]
    members = ("rootfi_id", "integration_type", "client_id", "is_disabled", "is_rootfi_identity")
    found = {tuple(getattr(each, name) for name in members) for each in emulator.integrations(api_key)}
    assert found == {(1234, "WAVE", "wave-app", False, True), (1235, "XERO", "xero-app", True, False)}


def test_each_integration_has_its_own_secret_not_the_files(
    stack: Path, emulator: Emulator, api_key: str
) -> None:
    plant(emulator, api_key, declared(str(stack)))
    secrets = {each.client_secret for each in emulator.integrations(api_key)}
    assert len(secrets) == 2
    assert not any(secret in STACK for secret in secrets)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (STACK.replace("XERO", "XER0"), ':4: integrations.xero.integration_type: "XER0" is not'),
        ("config: {rootfi:integrations: {secure: v1:abc}}", ": rootfi:integrations: is encrypted"),
        ("environment: [rootfi-prod]", ": rootfi:integrations: is encrypted, or not in this file"),
        ("config: {aws:region: x}", ": rootfi:integrations: is encrypted, or not in this file"),
    ],
    ids=["mistake", "encrypted", "ESC", "of another project"],
)
def test_a_file_that_declares_nothing_usable_is_reported(stack: Path, content: str, told: str) -> None:
    stack.write_text(content)
    with pytest.raises(ArgumentTypeError) as caught:
        declared(str(stack))
    assert str(caught.value).startswith(f"{stack}{told}")


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff")
    with pytest.raises(ArgumentTypeError, match="binary:1: is not UTF-8"):
        declared(str(tmp_path / "binary"))
    with pytest.raises(ArgumentTypeError, match="missing: No such file or directory"):
        declared(str(tmp_path / "missing"))
