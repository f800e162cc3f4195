from rootfi_pulumi.api.errors import NoAnswer
from rootfi_pulumi.provider.unresolved import unresolved
from rootfi_pulumi.state import URN, is_unresolved

PROPS = {"integration_type": "XERO", "client_id": "app", "client_secret": "hunter2"}
ERROR = NoAnswer("POST", "/integrations", "no answer within 60 s")


def test_its_id_is_provisional_and_its_own() -> None:
    first, second = unresolved(PROPS, ERROR).id, unresolved(PROPS, ERROR).id
    assert is_unresolved(first)
    assert first != second
    assert not is_unresolved("1234")


def test_it_says_what_happened_what_to_look_for_and_what_to_do() -> None:
    outs = unresolved(PROPS, ERROR).outs
    assert outs
    for said in (str(ERROR), "a XERO integration with client id app", "`adopt: ", f"--replace '{URN}'"):
        assert said in outs["unfinished"]
    assert "hunter2" not in outs["unfinished"]


def test_it_keeps_what_was_declared() -> None:
    outs = unresolved(PROPS, ERROR).outs
    assert outs
    assert outs.items() >= PROPS.items()
