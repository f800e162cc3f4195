"""Under Pulumi's own mocks, as users test their programs."""

from typing import Any

import pulumi
import pytest
from pulumi.runtime.rpc import is_rpc_secret, unwrap_rpc_secret

from rootfi_pulumi import Environment, EnvironmentIntegrationArgs, FromEnv
from tests.support.mocks import run_program
from tests.support.recorded import Recorded

XERO: EnvironmentIntegrationArgs = {
    "integration_type": "XERO",
    "client_id": "app",
    "client_secret": "hunter2",
}


def declare(integrations: Any, opts: pulumi.ResourceOptions | None = None) -> dict[str, Any]:
    """Declare an Environment and return its summary."""
    found: list[dict[str, Any]] = []

    def program() -> pulumi.Output[None]:
        return Environment("qa", integrations, opts).summary.apply(found.append)

    run_program(program)
    return found[0]


@pytest.mark.usefixtures("recorded")
def test_an_environment_summarises_plain_mappings() -> None:
    assert declare({"xero": XERO}) == {
        "xero": {"rootfi_id": 1234, "integration_type": "XERO", "client_id": "app", "is_disabled": False}
    }


@pytest.mark.usefixtures("recorded")
def test_an_environment_may_be_empty() -> None:
    assert declare({}) == {}


@pytest.mark.parametrize("secret", [FromEnv("XERO_SECRET"), {"from_env": "XERO_SECRET"}])
def test_an_environment_takes_from_env_in_both_forms(
    recorded: Recorded, secret: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XERO_SECRET", "hunter2")
    declare({"xero": XERO | {"client_secret": secret}})
    passed = unwrap_rpc_secret(recorded.registered["xero"].inputs["client_secret"])
    assert passed["from_env"] == "XERO_SECRET"


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_secret_of_an_environment_is_a_secret(recorded: Recorded, wrapped: bool) -> None:
    def program() -> None:
        secret = pulumi.Output.from_input("hunter2") if wrapped else "hunter2"
        Environment("qa", {"xero": {**XERO, "client_secret": secret}})

    run_program(program)
    secret = recorded.registered["xero"].inputs["client_secret"]
    assert is_rpc_secret(secret)
    assert unwrap_rpc_secret(secret) == "hunter2"


def test_mistakes_are_one_error_without_a_secret(recorded: Recorded) -> None:
    with pytest.raises(pulumi.RunError) as raised:
        declare({"xero": XERO | {"client_secret": " hunter2", "adoptt": 1}, "wave": {}})
    assert str(raised.value).splitlines() == [
        "Environment qa has mistakes:",
        (
            "  integrations.xero.client_secret: starts or ends with white space or an invisible character: "
            "paste it again without"
        ),
        "  integrations.xero.adoptt: is not a member of an integration: did you mean adopt?",
        *(f"  integrations.wave.{member}: is missing" for member in XERO),
    ]
    assert raised.value.__suppress_context__
    assert raised.value.__cause__ is None
    assert recorded.registered == {}


@pytest.mark.parametrize(("own", "expected"), [({}, True), ({"protect": False}, False)])
def test_an_entry_inherits_protect_or_sets_it(recorded: Recorded, own: Any, expected: bool) -> None:
    made: list[Environment] = []

    def program() -> None:
        made.append(Environment("qa", {"xero": {**XERO, **own}}, pulumi.ResourceOptions(protect=True)))

    run_program(program)
    assert made[0].integrations["xero"]._protect is expected  # noqa: SLF001 (what Pulumi reads)
