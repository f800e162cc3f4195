from typing import Any

import pytest

from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.cli.capture.entries import CaptureError, Entry, build_entries
from rootfi_pulumi.declaration.from_env import FromEnv


def xero(**members: Any) -> Integration:
    shown: dict[str, Any] = {
        "rootfi_id": 7,
        "integration_type": "XERO",
        "client_id": "app",
        "client_secret": "hunter2",
    }
    return Integration(**(shown | members))


def test_members_are_in_rootfis_order_and_omit_defaults() -> None:
    [entry] = build_entries([xero(is_disabled=True, is_rootfi_identity=False)], {})
    declared = entry.declaration({"secure": "v1:x"})
    assert list(declared.items()) == [
        ("integration_type", "XERO"),
        ("client_id", "app"),
        ("client_secret", {"secure": "v1:x"}),
        ("is_disabled", True),
        ("adopt", 7),
    ]


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("zoho-books", "ZOHO_BOOKS_CLIENT_SECRET"),
        ("2nd xero", "_2ND_XERO_CLIENT_SECRET"),
        ("é", "CLIENT_SECRET"),
        ("a/é/b", "A_B_CLIENT_SECRET"),
    ],
)
def test_a_secret_that_is_not_shown_is_a_variable_named_as_the_entry(name: str, variable: str) -> None:
    [entry] = build_entries([xero(client_secret=None)], {}, name=name)
    assert entry.client_secret == FromEnv(variable)


def test_from_env_makes_a_variable_of_a_secret_that_is_shown() -> None:
    [entry] = build_entries([xero()], {}, from_env=True)
    assert entry.declaration({})["client_secret"] == {"from_env": "XERO_CLIENT_SECRET"}


def test_the_secret_is_in_no_repr() -> None:
    assert "hunter2" not in repr(build_entries([xero()], {}))


@pytest.mark.parametrize("member", ["integration_type", "client_id"])
def test_what_rootfi_does_not_show_cannot_be_declared(member: str) -> None:
    with pytest.raises(CaptureError, match=f"integration 7: RootFi does not show its {member}"):
        build_entries([xero(**{member: None})], {})


def test_a_secret_that_cannot_be_declared_is_reported_without_it() -> None:
    with pytest.raises(
        CaptureError, match="integration 7: its client_secret contains a line break"
    ) as refused:
        build_entries([xero(client_secret="hunter\n2")], {})
    assert "hunter" not in str(refused.value)


def test_every_reason_is_reported_at_once() -> None:
    wave = {"rootfi_id": 8, "integration_type": "WAVE"}
    with pytest.raises(CaptureError) as refused:
        build_entries([xero(), xero(**wave)], {"books": {"integration_type": "XERO"}, "w": {"adopt": 8}})
    assert [problem.partition(":")[0] for problem in refused.value.problems] == [
        "integration 7",
        "integration 8",
    ]


def test_what_adopting_there_would_disable_is_said() -> None:
    with pytest.raises(CaptureError) as refused:
        build_entries([xero()], {"books": {"integration_type": "XERO"}}, {"books": "6"})
    [problem] = refused.value.problems
    assert problem == (
        "integration 7: books is already declared with type XERO and manages integration 6: "
        "add `adopt: 7` there only to replace and disable 6"
    )


def test_name_of_a_managed_resource_is_refused() -> None:
    with pytest.raises(CaptureError, match="integration 7: xero manages integration 6: choose another name"):
        build_entries([xero()], {}, {"xero": "6"})


def test_an_entry_that_is_no_mapping_is_passed_over() -> None:
    assert build_entries([xero()], {"odd": None})[0].name == "xero"


def test_an_entry_is_a_value() -> None:
    assert Entry("a", {}, "b") == Entry("a", {}, "b")
