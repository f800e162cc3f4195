"""Under Pulumi's own mocks, as users test their programs: no engine, no `pulumi` command, no hooks that fail."""

import base64
from typing import Any

import dill
import pulumi
import pytest
from pulumi.runtime import mocks
from pulumi.runtime.rpc import is_rpc_secret, unwrap_rpc_secret

from rootfi_pulumi import FromEnv, IntegrationType, RootFiIntegration, RootFiProvider
from rootfi_pulumi.program import create_guard as guard
from rootfi_pulumi.provider import RootFiIntegrationProvider
from rootfi_pulumi.provider.phrases import DIFFERS
from tests.support.mocks import run_program
from tests.support.recorded import Recorded


def declare(recorded: Recorded, **changed: Any) -> mocks.MockResourceArgs:
    arguments = {"integration_type": "XERO", "client_id": "app", "client_secret": "hunter2"} | changed

    def program() -> None:
        RootFiIntegration("xero", **arguments)

    run_program(program)
    return recorded.registered["xero"]


def test_the_type_token_is_ours(recorded: Recorded) -> None:
    assert declare(recorded).typ == "pulumi-python:dynamic/rootfi:RootFiIntegration"


def test_the_plugin_gets_the_provider_by_reference(recorded: Recorded) -> None:
    pickled = base64.b64decode(declare(recorded).inputs["__provider"])
    assert pickled.isascii()
    assert type(dill.loads(pickled)) is RootFiIntegrationProvider


def test_what_is_left_out_has_rootfis_defaults(recorded: Recorded) -> None:
    inputs = declare(recorded).inputs
    assert (inputs["is_rootfi_identity"], inputs["is_disabled"]) == (False, False)
    assert "adopt" not in inputs


def test_a_type_may_be_an_enum_member_or_text(recorded: Recorded) -> None:
    assert declare(recorded, integration_type=IntegrationType.XERO).inputs["integration_type"] == "XERO"


@pytest.mark.parametrize("secret", [FromEnv("XERO_SECRET"), {"from_env": "XERO_SECRET"}])
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_variable_is_passed_by_its_name(recorded: Recorded, wrapped: bool, secret: object) -> None:
    given = pulumi.Output.from_input(secret) if wrapped else secret
    passed = unwrap_rpc_secret(declare(recorded, client_secret=given).inputs["client_secret"])
    assert passed["from_env"] == "XERO_SECRET"


def test_a_mapping_that_is_no_variable_stays_a_secret(recorded: Recorded) -> None:
    given = {"from_env": "XERO_SECRET", "text": "hunter2"}
    passed = declare(recorded, client_secret=given).inputs["client_secret"]
    assert is_rpc_secret(passed)
    assert unwrap_rpc_secret(passed) == given


def test_a_mapping_names_a_variable_as_from_env_does(recorded: Recorded) -> None:
    with pytest.raises(ValueError, match="must be the name of an environment variable") as raised:
        declare(recorded, client_secret={"from_env": "hunter 2"})
    assert "hunter" not in str(raised.value)


@pytest.mark.parametrize("option", ["import_", "id"])
def test_an_option_that_pulumi_cannot_use_names_adopt(recorded: Recorded, option: str) -> None:
    named: dict[str, Any] = {option: "1234"}
    with pytest.raises(pulumi.RunError) as raised:
        declare(recorded, opts=pulumi.ResourceOptions(**named))
    assert str(raised.value) == (
        f"integration xero: the option `{option}` is not supported. "
        "To manage an existing integration, pass `adopt=<its rootfi_id>`."
    )
    assert "xero" not in recorded.registered


def test_get_names_adopt() -> None:
    with pytest.raises(pulumi.RunError, match=r"get is not supported\. To manage .*`adopt=<its rootfi_id>`"):
        RootFiIntegration.get("xero", "1234")


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_plain_secret_is_a_secret_output(recorded: Recorded, wrapped: bool) -> None:
    found: list[bool] = []

    def program() -> pulumi.Output[None]:
        given = pulumi.Output.from_input("hunter2") if wrapped else "hunter2"
        made = RootFiIntegration("x", integration_type="XERO", client_id="a", client_secret=given)
        is_secret: Any = made.client_secret.is_secret()
        return pulumi.Output.from_input(is_secret).apply(found.append)

    run_program(program)
    assert found == [True]


def test_an_id_is_a_whole_number_in_the_program(recorded: Recorded) -> None:
    found: list[object] = []

    def program() -> pulumi.Output[None]:
        made = RootFiIntegration("x", integration_type="XERO", client_id="a", client_secret="b")
        return made.rootfi_id.apply(found.append)

    run_program(program)
    assert [(found[0], type(found[0]))] == [(1234, int)]


def test_a_provider_takes_its_key_and_address_alone(recorded: Recorded) -> None:
    def program() -> None:
        RootFiProvider("other", api_key="hunter2", base_url="https://api.sa.rootfi.dev")

    run_program(program)
    inputs = recorded.registered["other"].inputs
    assert inputs["rootfi:baseUrl"] == "https://api.sa.rootfi.dev"
    assert is_rpc_secret(inputs["rootfi:apiKey"])
    assert unwrap_rpc_secret(inputs["rootfi:apiKey"]) == "hunter2"


def adopt(recorded: Recorded, monkeypatch: pytest.MonkeyPatch, *ignored: str) -> list[str]:
    """Return what is said of one that this run adopts, as mocks let none, and whose client id differs."""
    said: list[str] = []
    recorded.answered = {"differs_in": ["client_id", "is_disabled"]}
    monkeypatch.setattr(guard.Guard, "is_created", lambda *_: True)
    monkeypatch.setattr(pulumi.log, "error", lambda line, _: said.append(line))
    opts = pulumi.ResourceOptions(ignore_changes=[*ignored])
    if set(ignored) >= {"client_id", "is_disabled"}:
        declare(recorded, opts=opts)
    else:
        with pytest.raises(Exception, match="xero is unfinished: its own error says what to do"):
            declare(recorded, opts=opts)
    return said


def test_an_adoption_that_differs_fails_and_says_in_what(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    [said] = adopt(recorded, monkeypatch)
    assert said == (
        f"xero: {DIFFERS} in client_id, is_disabled (rootfi_id 1234)\n  Apply the declaration:  pulumi up"
    )


def test_an_adoption_does_not_differ_in_what_is_ignored(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"{DIFFERS} in is_disabled (" in adopt(recorded, monkeypatch, "client_id")[0]
    assert adopt(recorded, monkeypatch, "client_id", "is_disabled") == []
