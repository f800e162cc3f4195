"""Random histories of an environment: nothing is created untracked, nothing tracked twice, nothing leaks."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pulumi.dynamic import Config, ConfigureRequest

from rootfi_pulumi.api.masks import is_mask
from rootfi_pulumi.emulator import Emulator, Fault, Settings
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
from rootfi_pulumi.provider.outputs import IN_CLEAR
from rootfi_pulumi.state import CLIENT_SECRET_SHOWN
from tests.support.contract.engine import Crash, Engine, Props
from tests.support.fake_clock import FakeClock
from tests.support.patience import PATIENCE

NAMES = st.sampled_from(["a", "b", "c"])
TYPES = st.sampled_from(["XERO", "WAVE", "TALLY"])
SECRETS = st.sampled_from(["plain", "masked", "null", "omitted"])
# Half of them are recognised by their text.
MASKS = st.sampled_from(["********", "[REDACTED]", "xx", "sk_live_…4f2a", "4f2a", "hidden"]) | st.text(
    max_size=12
)
CRASHES = st.none() | st.builds(
    Crash, st.sampled_from(["engine", "plugin"]), st.integers(1, 3), is_busy=st.booleans()
)
TARGETS = st.none() | st.sets(NAMES, min_size=1)
FAULTS: list[dict[str, Any]] = [
    {"hang_up": "before"},
    {"hang_up": "after"},
    *({"status": status} for status in (400, 401, 409, 429, 500, 503, 504)),
    {"status": 404, "shape": "html"},
    # Longer than anybody waits.
    {"status": 503, "times": 100},
    {"hang_up": "before", "times": 100},
    {"status": 500, "processed": True, "echo": True},
    {"status": 400, "echo": True, "shape": "text"},
    {"body": "garbage"},
    {"body": "garbage", "processed": True},
    {"body": '{"data": {}}', "processed": True},
]


class Environment(RuleBasedStateMachine):
    """One organisation, one stack, and somebody who follows docs/recovery.md."""

    emulator: Emulator

    @initialize(masks=st.lists(MASKS, min_size=1, max_size=3))
    def begin(self, masks: list[str]) -> None:
        self.emulator.clear_faults()
        self.emulator.forget_requests()
        self.masks = masks
        # Who has shown secrets in clear, and goes over to what no rule recognises, would be believed.
        self.shows_clear = all(map(is_mask, masks))
        self.show_secrets("plain", masks[0])
        self.key = self.emulator.add_organisation()
        provider = RootFiIntegrationProvider(FakeClock())
        config = {"rootfi:apiKey": self.key, "rootfi:baseUrl": self.emulator.url}
        provider.configure(ConfigureRequest(Config(config, "any")))
        self.engine = Engine(provider)
        self.program: dict[str, Props] = {}
        self.secrets = [self.key]
        self.outside: set[str] = set()
        self.lost: dict[str, set[str]] = {}

    def new_secret(self, name: str) -> str:
        secret = f"secret/{name}+{len(self.secrets)}"
        self.secrets.append(secret)
        os.environ[f"SECRET_OF_{name}"] = secret
        return secret

    def on_server(self) -> dict[str, Any]:
        return {str(made.rootfi_id): made for made in self.emulator.integrations(self.key)}

    # What somebody declares.

    @rule(name=NAMES, integration_type=TYPES, is_disabled=st.booleans(), stored=st.booleans())
    def declare(self, name: str, integration_type: str, is_disabled: bool, stored: bool) -> None:
        secret = self.new_secret(name)
        self.program[name] = {
            "integration_type": integration_type,
            "client_id": f"client-{len(self.secrets)}",
            "client_secret": secret if stored else {"from_env": f"SECRET_OF_{name}", "digest": ""},
            "is_rootfi_identity": False,
            "is_disabled": is_disabled,
        }

    @rule(name=NAMES, change=st.sampled_from(["client_id", "is_disabled", "integration_type", "way"]))
    def change(self, name: str, change: str) -> None:
        props = self.program.get(name)
        if props is None:
            return
        if change == "client_id":
            props["client_id"] += "x"
        elif change == "is_disabled":
            props["is_disabled"] = not props["is_disabled"]
        elif change == "integration_type":
            # An adopted one has the type that it has; another type is another integration.
            props.pop("adopt", None)
            props["integration_type"] = "WAVE" if props["integration_type"] == "XERO" else "XERO"
        elif isinstance(props["client_secret"], str):
            props["client_secret"] = {"from_env": f"SECRET_OF_{name}", "digest": ""}
        else:
            props["client_secret"] = os.environ.get(f"SECRET_OF_{name}") or self.new_secret(name)

    @rule(name=NAMES)
    def rotate(self, name: str) -> None:
        if name in self.program:
            secret = self.new_secret(name)
            if isinstance(self.program[name]["client_secret"], str):
                self.program[name]["client_secret"] = secret

    @rule(name=NAMES, ignored=st.sampled_from([[], ["client_secret"], ["client_secret", "client_id"], ["*"]]))
    def ignore_changes(self, name: str, ignored: list[str]) -> None:
        self.engine.ignored[name] = ignored

    @rule(name=NAMES)
    def unset_variable(self, name: str) -> None:
        os.environ.pop(f"SECRET_OF_{name}", None)

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        # Who takes an interrupted create out of the program gives it up: docs/recovery.md says so.
        if not self.engine.has_trace(name):
            self.program.pop(name, None)

    @rule(name=NAMES)
    def take_adopt_out(self, name: str) -> None:
        if not self.engine.has_trace(name):
            self.program.get(name, {}).pop("adopt", None)

    @rule(name=NAMES)
    def adopt_one_made_by_hand(self, name: str) -> None:
        if name not in self.program or self.engine.has_trace(name):
            return
        props = self.program[name]
        by_hand = self.emulator.add_integration(
            self.key,
            integration_type=props["integration_type"],
            client_id="by-hand",
            client_secret=self.new_secret("by-hand"),
        )
        self.outside.add(str(by_hand.rootfi_id))
        props["adopt"] = float(by_hand.rootfi_id)

    @rule(name=NAMES)
    def adopt_and_remove(self, name: str) -> None:
        """What is disabled before any up has sent the declared secret may have no known one."""
        self.adopt_one_made_by_hand(name)
        self.up(None, None)
        self.remove(name)
        self.up(None, None)

    # What happens at RootFi.

    @rule(fault=st.sampled_from(FAULTS), operation=st.sampled_from(["create", "read", "update", None]))
    def fault(self, fault: dict[str, Any], operation: Any) -> None:
        self.emulator.inject(Fault(operation=operation, **fault))

    @rule(data=st.data(), secrets=SECRETS)
    def change_display_of_secrets(self, data: st.DataObject, secrets: str) -> None:
        self.show_secrets(secrets, data.draw(st.sampled_from(self.masks)))

    def show_secrets(self, secrets: Any, mask: str) -> None:
        if secrets == "plain" and not self.shows_clear:
            secrets = "masked"
        self.emulator.settings = Settings(secrets=secrets, mask=mask)

    @rule(data=st.data(), what=st.sampled_from(["client_id", "client_secret", "is_disabled", "removed"]))
    def drift(self, data: st.DataObject, what: str) -> None:
        tracked = sorted(set(self.engine.tracked()) & set(self.on_server()))
        if not tracked:
            return
        rootfi_id = int(data.draw(st.sampled_from(tracked)))
        if what == "removed":
            self.emulator.remove(rootfi_id)
        elif what == "is_disabled":
            self.emulator.edit(rootfi_id, is_disabled=not self.emulator.integration(rootfi_id).is_disabled)
        else:
            changed: Any = {what: self.new_secret("drift")}
            self.emulator.edit(rootfi_id, **changed)

    # What somebody runs.

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

    # What must be true after each step.

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
        """Once the weather is fine, one recovery, a refresh and an up converge; then there is nothing to do."""
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

    class OnThisServer(Environment):
        emulator = server

    run_state_machine_as_test(
        OnThisServer,
        settings=settings(
            max_examples=runs,
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )
