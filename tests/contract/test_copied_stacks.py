"""Random histories of two stacks: `report` names each integration of one that the other will change."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
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

from rootfi_pulumi.cli.report.deployed import Deployed
from rootfi_pulumi.cli.report.reading import Reading
from rootfi_pulumi.cli.report.sharing import holdings_of
from rootfi_pulumi.declaration.model import IntegrationConfig
from rootfi_pulumi.declaration.one_organisation import Shared, shared
from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
from tests.support.contract.engine import Engine, Props, urn
from tests.support.fake_clock import FakeClock
from tests.support.patience import PATIENCE

NAMES = st.sampled_from(["a", "b", "c"])
TYPES = st.sampled_from(["XERO", "WAVE", "TALLY"])
STACKS = st.sampled_from(["dev", "u"])
DECLARED = ("integration_type", "client_id", "client_secret", "adopt")


@dataclass
class Stack:
    """A stack: its key, its file and its state."""

    name: str
    key: str
    engine: Engine
    program: dict[str, Props] = field(default_factory=dict)

    def reading(self) -> Reading:
        """Return what `report` reads of it."""
        declared = {
            name: IntegrationConfig(**{member: props[member] for member in DECLARED if member in props})
            for name, props in self.program.items()
        }
        managed = [Deployed(urn(name), resource.outs) for name, resource in self.engine.state.items()]
        return Reading(self.name, declared, managed)


class CopiedStacks(RuleBasedStateMachine):
    """A stack `dev` and its copy `u`, of the same organisation or of another one."""

    emulator: Emulator

    @initialize(is_same=st.booleans())
    def begin(self, is_same: bool) -> None:
        key = self.emulator.add_organisation()
        keys = {"dev": key, "u": key if is_same else self.emulator.add_organisation()}
        self.stacks = {name: Stack(name, key, self.engine(key)) for name, key in keys.items()}
        self.declare("dev", "a", "XERO")
        self.up("dev")

    def engine(self, key: str) -> Engine:
        provider = RootFiIntegrationProvider(FakeClock())
        config = {"rootfi:apiKey": key, "rootfi:baseUrl": self.emulator.url}
        provider.configure(ConfigureRequest(Config(config, "any")))
        return Engine(provider)

    def named(self) -> list[Shared]:
        """Return what `report` names."""
        found = []
        for stack in self.stacks.values():
            config = {"rootfi:apiKey": "encrypted", "rootfi:baseUrl": self.emulator.url}
            found += [replace(each, key=stack.key.encode()) for each in holdings_of(stack.reading(), config)]
        return shared(found)

    def live(self) -> dict[int, Any]:
        keys = {stack.key for stack in self.stacks.values()}
        return {made.rootfi_id: made for key in keys for made in self.emulator.integrations(key)}

    def managed(self, stack: str) -> set[int]:
        return set(map(int, self.stacks[stack].engine.tracked()))

    # The steps of the people who run the stacks.

    @rule(stack=STACKS, name=NAMES, integration_type=TYPES)
    def declare(self, stack: str, name: str, integration_type: str) -> None:
        program = self.stacks[stack].program
        if integration_type not in {props["integration_type"] for props in program.values()}:
            secret = {"client_id": "app", "client_secret": "secret"}
            flags = {"is_rootfi_identity": False, "is_disabled": False}
            program[name] = {"integration_type": integration_type} | secret | flags

    @rule(adopts=st.booleans(), deploys=st.booleans())
    def copy(self, adopts: bool, deploys: bool) -> None:
        dev, made = self.stacks["dev"], self.stacks["u"]
        made.program = {name: dict(props) for name, props in dev.program.items()}
        for name in made.program.keys() & dev.engine.state.keys() if adopts else ():
            made.program[name]["adopt"] = float(dev.engine.state[name].id)
        if deploys:
            self.run("u", made.program)

    @rule(stack=STACKS, name=NAMES)
    def remove(self, stack: str, name: str) -> None:
        self.stacks[stack].program.pop(name, None)

    @rule(stack=STACKS, name=NAMES)
    def give_up(self, stack: str, name: str) -> None:
        self.stacks[stack].program.pop(name, None)
        self.stacks[stack].engine.state.pop(name, None)

    @rule(stack=STACKS)
    def up(self, stack: str) -> None:
        self.run(stack, self.stacks[stack].program)

    @rule(stack=STACKS)
    def destroy(self, stack: str) -> None:
        self.run(stack, {})

    def run(self, stack: str, program: dict[str, Props]) -> None:
        """Apply a program; what this changes under the other stack has been named."""
        [other] = {"dev", "u"} - {stack}
        ids = {each.what for each in self.named() if isinstance(each.what, int)}
        before = {rootfi_id: self.live()[rootfi_id].is_disabled for rootfi_id in self.managed(other)}
        self.stacks[stack].engine.up(program)
        after = self.live()
        assert {rootfi_id for rootfi_id, was in before.items() if after[rootfi_id].is_disabled != was} <= ids

    # Invariants that hold after each step.

    @precondition(lambda self: hasattr(self, "stacks"))
    @invariant()
    def each_id_of_both_is_named(self) -> None:
        ids = {each.what for each in self.named() if each.same_key}
        assert self.managed("dev") & self.managed("u") <= ids

    @precondition(lambda self: hasattr(self, "stacks"))
    @invariant()
    def each_type_of_both_is_named(self) -> None:
        if self.stacks["dev"].key != self.stacks["u"].key:
            return
        named = self.named()
        types = {found.holdings[0].integration_type for found in named}
        ours, copys = (
            {self.live()[each].integration_type for each in self.managed(name)} for name in self.stacks
        )
        assert ours & copys <= types

    @precondition(lambda self: hasattr(self, "stacks"))
    @invariant()
    def nothing_is_certain_of_two_organisations(self) -> None:
        if self.stacks["dev"].key != self.stacks["u"].key:
            assert not [each for each in self.named() if isinstance(each.what, str) or each.same_key]
            assert self.managed("dev") & self.managed("u") == set()


@pytest.fixture(scope="module")
def server() -> Iterator[Emulator]:
    with Emulator(patience=PATIENCE) as emulator:
        yield emulator


def test_whatever_one_stack_does_to_another_was_named(server: Emulator) -> None:
    runs = int(os.environ.get("STATE_MACHINE_RUNS", "200"))

    class OnThisServer(CopiedStacks):
        emulator = server

    options = settings(max_examples=runs, stateful_step_count=30, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(OnThisServer, settings=options)
