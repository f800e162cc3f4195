"""Random histories of an environment: nothing is created untracked, nothing tracked twice, nothing leaks."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.provider.outputs import IN_CLEAR
from rootfi_pulumi.state import CLIENT_SECRET_SHOWN
from tests.support.contract.engine import Crash
from tests.support.contract.environment import NAMES, Environment
from tests.support.patience import PATIENCE

CRASHES = st.none() | st.builds(
    Crash, st.sampled_from(["engine", "plugin"]), st.integers(1, 3), is_busy=st.booleans()
)
TARGETS = st.none() | st.sets(NAMES, min_size=1)


class History(Environment):
    """Runs of the stack by a user who follows docs/recovery.md, and what must be true after each."""

    @rule(name=NAMES)
    def adopt_and_remove(self, name: str) -> None:
        """What is disabled before any up has sent the declared secret may have no known one."""
        self.adopt_one_made_by_hand(name)
        self.up(None, None)
        self.remove(name)
        self.up(None, None)

    @rule(crash=CRASHES, only=TARGETS)
    def up(self, crash: Crash | None, only: set[str] | None) -> None:
        before = set(self.on_server())
        ignored = self.ignored_values()
        self.engine.up(self.program, crash, only)
        self.note_lost(before)
        self.ignored_values_are_kept(ignored)

    def ignored_values(self) -> dict[tuple[str, str], Any]:
        """What RootFi has of the members whose changes are ignored, by id and member."""
        live = self.on_server()
        return {
            (resource.id, member): getattr(live[resource.id], member)
            for name, resource in self.engine.state.items()
            if resource.id in live and not resource.outs.get("unfinished")
            for member in ("client_id", "client_secret", "is_disabled")
            if {member, "*"} & {*self.engine.ignored.get(name, [])}
        }

    def ignored_values_are_kept(self, before: dict[tuple[str, str], Any]) -> None:
        # What is replaced or removed is disabled, with the secret that the state knows.
        managed = {resource.id for name, resource in self.engine.state.items() if name in self.program}
        after = self.on_server()
        assert {
            (rootfi_id, member): value
            for (rootfi_id, member), value in before.items()
            if rootfi_id in managed
        } == {
            (rootfi_id, member): getattr(after[rootfi_id], member)
            for rootfi_id, member in before
            if rootfi_id in managed
        }

    def note_lost(self, before: set[str]) -> None:
        made = set(self.on_server()) - before - set(self.engine.tracked())
        for rootfi_id in made:
            owner = self.on_server()[rootfi_id].client_id
            [name] = [name for name, props in self.program.items() if props["client_id"] == owner]
            self.lost.setdefault(name, set()).add(rootfi_id)

    @rule()
    def refresh(self) -> None:
        self.engine.refresh()

    @precondition(lambda self: any(self.engine.has_trace(name) for name in self.program))
    @rule()
    def recover(self) -> None:
        self.emulator.clear_faults()
        for name in self.program:
            if f"SECRET_OF_{name}" not in os.environ:
                self.new_secret(name)
        for name in [name for name in self.program if self.engine.has_trace(name)]:
            self.recover_one(name)

    def recover_one(self, name: str) -> None:
        """Follow the document: look into RootFi; adopt what is there, else forget and create."""
        found = self.lost.pop(name, set()) & set(self.on_server())
        if found:
            rootfi_id = found.pop()
            props = self.program[name]
            # `["*"]` ignores adopt, too.
            self.engine.ignored.pop(name, None)
            # It was made of an earlier declaration, perhaps of another type: adopt it as what it is.
            props |= {
                "adopt": float(rootfi_id),
                "integration_type": self.on_server()[rootfi_id].integration_type,
            }
            if self.engine.up(self.program):
                self.engine.forget(name)
        else:
            self.program[name].pop("adopt", None)
            self.engine.forget(name)
            resource = self.engine.state.get(name)
            if resource and self.engine.has_trace(name):
                del self.engine.state[name]
        assert not found, "created twice"

    # Invariants that hold after each step.

    @invariant()
    def nothing_of_ours_is_untracked(self) -> None:
        if not hasattr(self, "engine"):
            return
        tracked = set(self.engine.tracked())
        noted = {
            rootfi_id for name, ids in self.lost.items() if self.engine.has_trace(name) for rootfi_id in ids
        }
        enabled = {rootfi_id for rootfi_id, made in self.on_server().items() if not made.is_disabled}
        assert enabled - tracked - noted - self.outside == set()

    @invariant()
    def nothing_is_tracked_twice(self) -> None:
        if hasattr(self, "engine"):
            tracked = self.engine.tracked()
            assert len(tracked) == len(set(tracked))

    @invariant()
    def no_secret_is_shown(self) -> None:
        if hasattr(self, "engine"):
            shown = "\n".join(self.engine.shown)
            assert [secret for secret in self.secrets if secret in shown] == []

    @invariant()
    def no_mask_is_sent(self) -> None:
        if hasattr(self, "engine"):
            sent = {request.body_member("client_secret") for request in self.emulator.requests}
            assert sent.isdisjoint(self.masks)

    def converges(self) -> bool:
        """Return whether ups do everything, by what their refusals of uncertain secrets say to do."""
        # One may adopt what the next one cannot change, or remove what it cannot disable.
        return any(self.up_by_the_advice() for _ in range(3))

    def up_by_the_advice(self) -> bool:
        for name, resource in self.engine.state.items():
            if resource.outs.get(CLIENT_SECRET_SHOWN) != IN_CLEAR:
                # Take client_secret out of ignore_changes.
                self.engine.ignored.pop(name, None)
        # Keep the integration as it is with retain_on_delete.
        kept = [each for each in self.engine.to_delete if each.outs.get(CLIENT_SECRET_SHOWN) != IN_CLEAR]
        self.outside |= {each.id for each in kept}
        self.engine.to_delete = [each for each in self.engine.to_delete if each not in kept]
        return self.engine.up(self.program)

    def teardown(self) -> None:
        """Without faults, one recovery, a refresh and an up converge; another up changes nothing."""
        if not hasattr(self, "engine"):
            return
        self.emulator.clear_faults()
        self.emulator.secrets = "plain"
        self.recover()
        for props in self.program.values():
            if str(int(props.get("adopt", 0))) not in self.on_server():
                props.pop("adopt", None)
        self.engine.refresh()
        if any("adopt" in props for props in self.program.values()):
            # What an adopted one has, the up after its adoption changes.
            assert self.converges(), self.engine.shown[-20:]
        assert self.converges(), self.engine.shown[-20:]
        self.emulator.forget_requests()
        assert self.engine.up(self.program)
        assert self.emulator.calls == []
        self.nothing_of_ours_is_untracked()
        for name, props in self.program.items():
            made = self.on_server()[self.engine.state[name].id]
            ignored = self.engine.ignored.get(name, [])
            for member in ("integration_type", "client_id", "is_disabled"):
                if not {member, "*"} & {*ignored}:
                    assert getattr(made, member) == props[member]


@pytest.fixture(scope="module")
def server() -> Iterator[Emulator]:
    with Emulator(patience=PATIENCE) as emulator:
        yield emulator


def test_any_history_keeps_everything_tracked_once_and_converges(server: Emulator) -> None:
    runs = int(os.environ.get("STATE_MACHINE_RUNS", "300"))

    class OnThisServer(History):
        emulator = server

    run_state_machine_as_test(
        OnThisServer,
        settings=settings(
            max_examples=runs,
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )
