import subprocess
import sys

import pytest

import rootfi_pulumi

PROGRAM = f"from rootfi_pulumi import {', '.join(rootfi_pulumi.__all__)}"
PLUGIN = "import rootfi_pulumi.provider.operations, rootfi_pulumi.api.client, rootfi_pulumi.api.transport"


def loaded(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_every_public_name_is_there() -> None:
    assert all(getattr(rootfi_pulumi, name) for name in rootfi_pulumi.__all__)


def test_another_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="Integrations"):
        rootfi_pulumi.Integrations  # noqa: B018 (asking is the test)


def test_the_program_never_loads_http() -> None:
    assert "requests" not in loaded(PROGRAM)


def test_the_program_loads_pydantic_only_to_check() -> None:
    assert "pydantic" not in loaded(PROGRAM)


def test_the_plugin_never_loads_the_config_models() -> None:
    modules = loaded(PLUGIN)
    assert modules.isdisjoint({"pydantic", "rootfi_pulumi.declaration.model"})
    assert not {name for name in modules if name.startswith("rootfi_pulumi.program")}


def test_the_api_knows_nothing_of_pulumi() -> None:
    assert "pulumi" not in loaded("import rootfi_pulumi.api.client, rootfi_pulumi.api.transport")
