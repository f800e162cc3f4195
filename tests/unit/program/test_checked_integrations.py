import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pulumi
import pytest

from rootfi_pulumi import FromEnv, IntegrationType
from rootfi_pulumi.declaration.problems import ConfigError
from rootfi_pulumi.program.args import ARGUMENTS
from rootfi_pulumi.program.checked_integrations import check_integrations

XERO = {"integration_type": "XERO", "client_id": "app", "client_secret": "hunter2"}
WAVE = XERO | {"integration_type": IntegrationType.WAVE}
PLAIN = "cannot be an Output: Pulumi needs it before Outputs are known"


@pytest.fixture(autouse=True, scope="module")
def _loop() -> None:
    """Give Outputs the loop that a program has; other modules' tests use it, too."""
    try:
        asyncio.get_event_loop_policy().get_event_loop()
    except RuntimeError:
        asyncio.set_event_loop(asyncio.new_event_loop())


def output(value: object) -> pulumi.Output[Any]:
    return pulumi.Output.secret(value)


def problems(integrations: object) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        check_integrations(integrations)
    return [str(each) for each in raised.value.problems]


def test_plain_mappings_are_returned() -> None:
    assert check_integrations({"xero": XERO, "wave": WAVE}) == {"xero": XERO, "wave": WAVE}


def test_a_mapping_that_is_no_dict_is_taken() -> None:
    assert check_integrations(MappingProxyType({"xero": MappingProxyType(XERO)})) == {"xero": XERO}


def test_checked_integrations_are_not_checked_again() -> None:
    checked = check_integrations({"xero": XERO})
    assert check_integrations(checked) is checked


@pytest.mark.parametrize("secret", [FromEnv("XERO_SECRET"), {"from_env": "XERO_SECRET"}])
def test_from_env_is_taken_in_both_forms(secret: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XERO_SECRET", "hunter2")
    checked = check_integrations({"xero": XERO | {"client_secret": secret}})
    assert checked["xero"]["client_secret"] == {"from_env": "XERO_SECRET"}


def test_every_missing_variable_is_reported() -> None:
    assert problems(
        {
            "xero": XERO | {"client_secret": FromEnv("NO_SUCH_X")},
            "wave": WAVE | {"client_secret": {"from_env": "NO_SUCH_W"}},
        }
    ) == [
        "integrations.xero.client_secret: environment variable NO_SUCH_X is not set: set it where pulumi runs",
        "integrations.wave.client_secret: environment variable NO_SUCH_W is not set: set it where pulumi runs",
    ]


@pytest.mark.parametrize("member", sorted(ARGUMENTS))
def test_an_output_passes_as_any_argument(member: str) -> None:
    value = output("checked by the provider")
    checked: Any = check_integrations({"xero": XERO | {member: value}})
    assert checked["xero"][member] is value


def test_an_awaitable_passes_as_an_output_does() -> None:
    async def client_id() -> str:
        return "app"

    value = client_id()
    assert check_integrations({"xero": XERO | {"client_id": value}})["xero"]["client_id"] is value
    value.close()


@pytest.mark.parametrize("option", ["protect", "retain_on_delete"])
def test_an_option_cannot_be_an_output(option: str) -> None:
    assert problems({"xero": XERO | {option: output(True)}}) == [f"integrations.xero.{option}: {PLAIN}"]


def test_an_entry_cannot_be_an_output() -> None:
    assert problems({"xero": output(XERO)}) == [f"integrations.xero: {PLAIN}"]
    assert problems(output({"xero": XERO})) == [f"integrations: {PLAIN}"]


def test_an_unknown_member_is_refused_with_an_output() -> None:
    [problem] = problems({"xero": XERO | {"client_secert": output("x")}})
    assert problem.startswith("integrations.xero.client_secert: ")


def test_every_mistake_is_reported_at_once_with_outputs() -> None:
    found = problems(
        {
            "xero": {"integration_type": "XER0", "client_id": output("x"), "adopt": 1.5},
            "wave": WAVE | {"protect": "yes"},
            "wave2": WAVE | {"client_secret": output("hunter2")},
            "none": None,
        }
    )
    assert [each.partition(":")[0] for each in found] == [
        "integrations.xero.integration_type",
        "integrations.xero.client_secret",
        "integrations.xero.adopt",
        "integrations.wave.protect",
        "integrations.none",
        "integrations.wave2.integration_type",
    ]


@pytest.mark.parametrize("member", ["integration_type", "adopt"])
def test_duplicates_are_refused_as_in_a_declaration(member: str) -> None:
    first = XERO | {"integration_type": IntegrationType.XERO, "adopt": 1}
    second: Mapping[str, object] = WAVE | {"adopt": 2} | {member: (XERO | {"adopt": 1})[member]}
    assert problems({"a": first, "b": second}) == [
        f"integrations.b.{member}: a has the same: one of each is allowed"
    ]


def test_no_error_holds_a_secret() -> None:
    integrations = {"xero": {"client_id": output("hunter2"), "client_secret": " hunter2", "adopt": "hunter2"}}
    with pytest.raises(ConfigError) as raised:
        check_integrations(integrations)
    assert "hunter2" not in f"{raised.value!r} {raised.value}"
