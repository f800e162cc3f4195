import os
from collections.abc import Mapping
from pathlib import Path

import pulumi
import pytest

from rootfi_pulumi.declaration.problems import ConfigError
from rootfi_pulumi.program import plugin_environment
from rootfi_pulumi.program.checked_integrations import check_integrations
from rootfi_pulumi.program.plugin_environment import plugin_environ
from rootfi_pulumi.program.stack_config import read_stack_config

XERO = {"integration_type": "XERO", "client_id": "app", "client_secret": {"from_env": "ONLY_IN_ENV_VARS"}}


def run_inline(monkeypatch: pytest.MonkeyPatch, environ: Mapping[str, str]) -> None:
    """Let the code run as an inline program whose engine shows this environment."""
    monkeypatch.setattr(pulumi.runtime, "get_root_directory", lambda: None)
    monkeypatch.setattr(plugin_environment, "engine_port", lambda: 4711)
    monkeypatch.setattr(plugin_environment, "surroundings", lambda _: (Path("/"), dict(environ)))
    for name in ("ONLY_IN_ENV_VARS", "ROOTFI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_command_program_has_the_plugins_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    run_inline(monkeypatch, {"OTHER": "1"})
    monkeypatch.setattr(pulumi.runtime, "get_root_directory", lambda: "/project")
    assert plugin_environ() is os.environ


def test_variable_in_env_vars_alone_is_not_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    run_inline(monkeypatch, {"ONLY_IN_ENV_VARS": "hunter2"})
    assert set(check_integrations({"xero": XERO})) == {"xero"}


def test_variable_that_the_engine_lacks_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    run_inline(monkeypatch, {"OTHER": "1"})
    with pytest.raises(ConfigError, match="ONLY_IN_ENV_VARS is not set"):
        check_integrations({"xero": XERO})


def test_variable_is_left_to_a_plugin_that_is_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    run_inline(monkeypatch, {})
    assert set(check_integrations({"xero": XERO})) == {"xero"}


@pytest.mark.parametrize(
    ("environ", "is_missing"),
    [({"ROOTFI_API_KEY": "key"}, False), ({}, False), ({"OTHER": "1"}, True)],
    ids=["there", "not seen", "missing"],
)
def test_api_key_may_be_in_env_vars_alone(
    monkeypatch: pytest.MonkeyPatch, environ: Mapping[str, str], is_missing: bool
) -> None:
    run_inline(monkeypatch, environ)
    monkeypatch.setenv("PULUMI_CONFIG", '{"rootfi:integrations": "{}"}')
    problems = [str(each) for each in read_stack_config().problems]
    assert any("no RootFi API key" in each for each in problems) == is_missing
