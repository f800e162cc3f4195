import pytest

from rootfi_pulumi import from_env
from rootfi_pulumi.api.models import Integration
from rootfi_pulumi.outputs import outputs

KNOWN = {
    "integration_type": "XERO",
    "client_id": "app",
    "client_secret": "hunter2",
    "client_secret_version": 1,
    "is_rootfi_identity": False,
    "is_disabled": False,
}


def test_what_rootfi_does_not_tell_is_unchanged() -> None:
    assert outputs(KNOWN, Integration(rootfi_id=1)) == KNOWN | {"rootfi_id": 1}


@pytest.mark.parametrize(
    "told",
    [{"client_id": "b"}, {"is_disabled": True}, {"is_rootfi_identity": True}, {"metadata": {"a": 1}}, {"rootfi_updated_at": "now"}],
)  # fmt: skip
def test_what_rootfi_tells_is_taken(told: dict[str, object]) -> None:
    outs = outputs(KNOWN, Integration(rootfi_id=1, **told))  # type: ignore[arg-type]
    assert outs.items() >= told.items()


def test_the_type_stays_as_declared_whatever_rootfi_calls_it() -> None:
    assert outputs(KNOWN, Integration(1, integration_type="ZOHO BOOKS"))["integration_type"] == "XERO"


def test_another_secret_is_taken_and_counted() -> None:
    outs = outputs(KNOWN, Integration(1, client_secret="another"))
    assert (outs["client_secret"], outs["client_secret_version"]) == ("another", 2)


def test_another_secret_than_the_variables_is_digested_and_counted() -> None:
    stored = from_env.stored("NAME", "hunter2")
    outs = outputs(KNOWN | {"client_secret": stored}, Integration(1, client_secret="another"))
    assert from_env.matches(outs["client_secret"], "another")
    assert "another" not in str(outs)
    assert outs["client_secret_version"] == 2


@pytest.mark.parametrize("stored", ["hunter2", from_env.stored("NAME", "hunter2")])
def test_the_same_secret_is_unchanged(stored: object) -> None:
    known = KNOWN | {"client_secret": stored}
    assert outputs(known, Integration(1, client_secret="hunter2")) == known | {"rootfi_id": 1}


def test_what_was_unfinished_is_not_any_more() -> None:
    assert "unfinished" not in outputs(KNOWN | {"unfinished": "why"}, Integration(1))
