"""A program under `pulumi.runtime.set_mocks`, as the tests of users run it; `docs/testing.md` has the promises."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any, NoReturn

import pulumi
import pytest

from rootfi_pulumi import Environment, FromEnv, RootFiIntegration, RootFiProvider
from rootfi_pulumi.program import stack_config
from rootfi_pulumi.state import INTEGRATION
from tests.support.mocks import run_program
from tests.support.own_loop import run
from tests.support.recorded import Recorded

VARIABLE = "NO_SUCH_SECRET"
XERO: Any = {"integration_type": "XERO", "client_id": "app", "client_secret": FromEnv(VARIABLE)}
DECLARED = XERO | {"client_secret": {"from_env": VARIABLE}}


@pytest.fixture(autouse=True)
def _nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        pytest.fail("a process is started")

    monkeypatch.setattr(subprocess, "Popen", refuse)


@pytest.fixture(params=["unset", "set", "unusable"])
def _variable(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    value = {"unset": None, "set": "hunter2", "unusable": " hunter2"}[request.param]
    if value:
        monkeypatch.setenv(VARIABLE, value)


@pytest.fixture
def config(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The stack's config of a test, and an environment that has no key."""
    for name in ("ROOTFI_API_KEY", "ROOTFI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    config: dict[str, Any] = {"rootfi:integrations": json.dumps({"xero": DECLARED})}
    yield config
    pulumi.runtime.set_all_config({}, [])


def of_stack(config: dict[str, Any]) -> None:
    pulumi.runtime.set_all_config(config)
    run_program(Environment.from_stack_config)


async def value_and_secrecy(output: pulumi.Output[Any]) -> tuple[object, bool]:
    return await output.future(), await output.is_secret()


def secret_of(**changed: Any) -> tuple[object, bool]:
    """Return the `client_secret` that a program gets, and whether it is a secret."""
    found: list[tuple[object, bool]] = []

    def program() -> pulumi.Output[None]:
        made = RootFiIntegration("xero", **XERO | changed)
        both: Any = value_and_secrecy(made.client_secret)
        return pulumi.Output.from_input(both).apply(found.append)

    run_program(program)
    return found[0]


@pytest.mark.usefixtures("_variable")
def test_mocks_get_the_arguments_and_nothing_else(mocked: Recorded) -> None:
    run_program(lambda: RootFiIntegration("xero", **XERO, adopt=7))
    assert mocked.registered.keys() == {"xero"}
    assert mocked.registered["xero"].typ == INTEGRATION
    assert mocked.registered["xero"].inputs == {
        **DECLARED,
        "is_rootfi_identity": False,
        "is_disabled": False,
        "adopt": 7,
    }


@pytest.mark.parametrize("wrap", [lambda value: value, pulumi.Output.from_input, pulumi.Output.secret])
@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ("hunter2", "hunter2"),
        (FromEnv(VARIABLE), {"from_env": VARIABLE}),
        ({"from_env": VARIABLE}, {"from_env": VARIABLE}),
    ],
)
def test_mocks_get_a_secret_in_plain_text(mocked: Recorded, given: Any, passed: object, wrap: Any) -> None:
    run_program(lambda: RootFiIntegration("xero", **XERO | {"client_secret": wrap(given)}))
    assert mocked.registered["xero"].inputs["client_secret"] == passed


@pytest.mark.parametrize("given", ["hunter2", FromEnv(VARIABLE)])
@pytest.mark.parametrize("answer", [{}, {"client_secret": "hunter3"}])
def test_a_mocked_secret_is_a_secret_output(mocked: Recorded, given: Any, answer: dict[str, Any]) -> None:
    mocked.answered = answer
    value, is_secret = secret_of(client_secret=given)
    sent = mocked.registered["xero"].inputs["client_secret"]
    assert (value, is_secret) == (answer.get("client_secret", sent), True)


def test_mocks_get_a_providers_key_in_plain_text(mocked: Recorded) -> None:
    def program() -> None:
        other = RootFiProvider("other", api_key=pulumi.Output.secret("hunter2"), timeout_seconds=60)
        RootFiIntegration("xero", pulumi.ResourceOptions(provider=other), **XERO)

    run_program(program)
    assert mocked.registered["other"].inputs == {
        "rootfi:apiKey": "hunter2",
        "rootfi:timeoutSeconds": "60",
        "rootfi:providerName": "other",
    }
    assert (mocked.registered["xero"].provider or "").endswith("::other::1234")


@pytest.mark.usefixtures("_variable")
def test_a_mocked_environment_needs_no_variable(mocked: Recorded) -> None:
    run_program(lambda: Environment("qa", {"xero": XERO}))
    assert mocked.registered.keys() == {"qa", "xero"}
    assert mocked.registered["xero"].inputs["client_secret"] == {"from_env": VARIABLE}


def test_a_mocked_unfinished_integration_fails_nothing(mocked: Recorded) -> None:
    mocked.answered = {"unfinished": "2026", "differs_in": ["client_id"]}
    found: list[object] = []
    run_program(lambda: RootFiIntegration("xero", **XERO).unfinished.apply(found.append))
    assert found == ["2026"]


@pytest.mark.usefixtures("_variable")
def test_a_mocked_stack_needs_no_key(mocked: Recorded, config: dict[str, Any]) -> None:
    of_stack(config)
    assert mocked.registered.keys() == {"stack", "xero"}


def test_a_mocked_stack_may_have_plain_secrets(mocked: Recorded, config: dict[str, Any]) -> None:
    entry = DECLARED | {"client_secret": "hunter2"}
    of_stack(config | {"rootfi:apiKey": "hunter2", "rootfi:integrations": json.dumps({"xero": entry})})
    assert mocked.registered["xero"].inputs["client_secret"] == "hunter2"


def test_a_mocked_stack_reads_no_file(
    mocked: Recorded, config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stack_config, "running_config_file", lambda: pytest.fail("a file is looked for"))
    of_stack(config)


@pytest.mark.usefixtures("mocked")
def test_mistakes_of_a_mocked_stack_are_all_raised(config: dict[str, Any]) -> None:
    entry = DECLARED | {"client_idd": "app"}
    with pytest.raises(pulumi.RunError) as raised:
        of_stack(
            config
            | {
                "rootfi:timeoutSeconds": "none",
                "rootfi:integrations": json.dumps({"xero": entry, "wave": {}}),
            }
        )
    assert str(raised.value).splitlines()[1:] == [
        "  rootfi:timeoutSeconds: must be a number of seconds from 1 to 3600",
        "  integrations.xero.client_idd: is not a member of an integration: did you mean client_id?",
        *(f"  integrations.wave.{member}: is missing" for member in DECLARED),
    ]


def test_mocks_work_in_a_running_loop(mocked: Recorded) -> None:
    async def rootfi_id() -> int | None:
        return await RootFiIntegration("xero", **XERO).rootfi_id.future()

    assert run(rootfi_id()) == 1234


def test_values_of_a_mocked_preview_may_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    class Planned(Recorded):
        def new_resource(self, args: Any) -> tuple[str | None, dict[Any, Any]]:
            super().new_resource(args)
            return "", args.inputs

    planned = Planned()
    pulumi.runtime.set_mocks(planned, preview=True)
    known: list[bool] = []

    def program() -> pulumi.Output[None]:
        first = RootFiIntegration("first", **XERO)
        second = RootFiIntegration(
            "second", **XERO | {"client_id": first.rootfi_id.apply(str), "client_secret": first.metadata}
        )
        both: Any = first.rootfi_id.is_known()
        return pulumi.Output.all(both, second.integration_type).apply(lambda values: known.append(values[0]))

    run_program(program)
    assert known == [False]
    assert planned.registered.keys() == {"first", "second"}


@pytest.mark.usefixtures("mocked")
def test_unknown_setting_of_a_mocked_stack_is_raised(config: dict[str, Any]) -> None:
    with pytest.raises(pulumi.RunError, match="did you mean rootfi:timeoutSeconds"):
        of_stack(config | {"rootfi:timeoutSecond": "60"})


def test_mocks_may_set_config_as_a_mapping(mocked: Recorded, config: dict[str, Any]) -> None:
    of_stack(config | {"rootfi:integrations": {"xero": DECLARED}, "rootfi:timeoutSeconds": 60})
    assert mocked.registered.keys() == {"stack", "xero"}
