"""What the stand-in of Pulumi Cloud does alone; tests/e2e/test_pulumi_cloud.py has the real CLI use it."""

import base64
import random
from typing import Any

import pytest

from tests.support.pulumi_cloud.cipher import decrypt, encrypt
from tests.support.pulumi_cloud.journal import Kind, replay
from tests.support.pulumi_cloud.stacks import Refused, Stack, Stacks, Update

KEY, OTHER_KEY = b"a" * 32, b"b" * 32
A, B, C = ({"urn": name, "id": name} for name in "abc")
BEGUN = {"type": "creating", "resource": A}


def entry(kind: Kind, operation: int = 0, /, **members: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "kind": int(kind),
        "operationID": operation,
        "removeOld": None,
        "removeNew": None,
    } | members


def after(base: dict[str, Any], *entries: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Replay the entries in another order than theirs; return the resources and the pending operations."""
    numbered = [each | {"sequenceID": number} for number, each in enumerate(entries, 1)]
    state = replay(base, random.sample(numbered, len(numbered)))
    return state["resources"], state["pending_operations"]


@pytest.mark.parametrize(
    "text", [b"", b"x", b"tracked/secret+1", bytes(range(256)) * 5], ids=["empty", "short", "usual", "long"]
)
def test_ciphertext_is_like_pulumi_clouds(text: bytes) -> None:
    made = encrypt(KEY, text)
    assert base64.b64encode(made).startswith(b"AAABA")
    assert decrypt(KEY, made) == text
    assert encrypt(KEY, text) != made


@pytest.mark.parametrize(
    "spoilt",
    [b"", b"v1:abc", encrypt(OTHER_KEY, b"x"), encrypt(KEY, b"x")[:-1]],
    ids=["empty", "passphrase", "another-key", "cut-off"],
)
def test_ciphertext_of_another_stack_is_refused(spoilt: bytes) -> None:
    with pytest.raises(ValueError, match="authentication failed"):
        decrypt(KEY, spoilt)


def test_journal_keeps_a_begun_create_pending() -> None:
    begin = entry(Kind.BEGIN, 1, operation=BEGUN)
    assert after({}, begin) == ([], [BEGUN])
    assert after({}, begin, entry(Kind.FAILURE, 1)) == ([], [])
    assert after({}, begin, entry(Kind.SUCCESS, 1, state=A)) == ([A], [])


def test_journal_keeps_pending_creates_of_the_base() -> None:
    updating = {"type": "updating", "resource": B}
    assert after({"pending_operations": [BEGUN, updating]}) == ([], [BEGUN])


def test_journal_puts_changed_resources_first() -> None:
    changed = A | {"id": "changed"}
    assert after({"resources": [B, A]}, entry(Kind.SUCCESS, 1, state=changed, removeOld=1)) == (
        [changed, B],
        [],
    )


def test_journal_marks_what_is_replaced() -> None:
    new = entry(Kind.SUCCESS, 1, state=B, deleteOld=0)
    assert after({"resources": [A]}, new) == ([B, A | {"delete": True}], [])
    gone = entry(Kind.SUCCESS, 2, removeOld=0)
    assert after({"resources": [A]}, new, gone) == ([B], [])


def test_journal_takes_outputs_and_refreshed_resources() -> None:
    made, final = entry(Kind.SUCCESS, 1, state=B), B | {"outputs": {"x": 1}}
    assert after({}, made, entry(Kind.OUTPUTS, 1, state=final, removeNew=1)) == ([final], [])
    refreshed = entry(Kind.REFRESH_SUCCESS, 1, state=final, removeOld=0)
    assert after({"resources": [B]}, refreshed) == ([final], [])


def test_journal_drops_references_to_what_a_refresh_missed() -> None:
    child = B | {"parent": "a", "dependencies": ["a"], "propertyDependencies": {"x": ["a"]}}
    resources, _ = after({"resources": [A, child]}, entry(Kind.REFRESH_SUCCESS, 1, removeOld=0))
    assert resources == [B | {"parent": "", "dependencies": [], "propertyDependencies": {}}]


def test_journal_goes_on_from_a_rebuilt_base() -> None:
    made = entry(Kind.SUCCESS, 1, state=C)
    rebuilt = entry(Kind.REBUILT_BASE_STATE)
    assert after({"resources": [A]}, made, rebuilt, entry(Kind.SUCCESS, 2, removeOld=1)) == ([C], [])


def test_unknown_journal_entry_is_refused() -> None:
    with pytest.raises(ValueError, match="11"):
        after({}, entry(Kind.BEGIN) | {"kind": 11})


@pytest.fixture
def stack() -> Stack:
    stacks = Stacks()
    stacks.create("me", "rootfi", {"stackName": "dev"})
    return stacks.find("me", "rootfi", "dev")


def start(stack: Stack, kind: str = "update") -> Update:
    update = stack.create(kind, {})
    stack.start(update, None)
    return update


def test_one_update_has_the_lease(stack: Stack) -> None:
    first = start(stack)
    start(stack, "preview")
    with pytest.raises(Refused, match="Another update is currently in progress"):
        start(stack)
    stack.end(first, "succeeded")
    start(stack)


def test_ended_update_cannot_write(stack: Stack) -> None:
    first = start(stack)
    assert stack.find_with_lease(first.id, first.token) is first
    stack.cancel(first)
    with pytest.raises(Refused, match="has already completed"):
        stack.find_with_lease(first.id, first.token)


def test_expired_lease_cannot_write(stack: Stack) -> None:
    first = start(stack)
    first.lease_until = 0
    with pytest.raises(Refused, match="has expired"):
        stack.find_with_lease(first.id, first.token)
    start(stack)
