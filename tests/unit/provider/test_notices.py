"""The lines that the plugin shows name the resource and the integration."""

from types import SimpleNamespace

import pytest

from rootfi_pulumi.provider.notices import describe_replacement, describe_switch, name_resource
from tests.support.inputs import INPUTS


def test_line_begins_with_the_name_that_the_engine_asks_about() -> None:
    request = SimpleNamespace(urn="urn:pulumi:dev::rootfi::some:index:Type::rootfi-sandbox")
    assert name_resource(INPUTS) == "rootfi-sandbox"
    del request
    assert name_resource(INPUTS) == f"{INPUTS['integration_type']} integration"


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [(False, True, "disabled 1234"), (True, False, "enabled 1234"), (True, True, None), (False, False, None)],
)
def test_update_that_switches_an_integration_says_so(before: bool, after: bool, line: str | None) -> None:
    assert describe_switch("1234", {"is_disabled": before}, {"is_disabled": after}) == line


@pytest.mark.parametrize(("adopt", "by"), [({"adopt": 1235.0}, "1235"), ({}, "a new integration")])
def test_replacement_names_what_replaces_and_what_is_disabled(adopt: dict[str, float], by: str) -> None:
    line = f"replaces 1234 by {by} and then disables 1234, unless retain_on_delete is set"
    assert describe_replacement("1234", INPUTS | adopt) == line
