"""The random history of a stack: each turn changes something and runs a command."""

from collections.abc import Callable

from tests.support.runs.drills import MOMENTS, VICTIMS, Drill
from tools.soak import weather
from tools.soak.declaration import TYPES
from tools.soak.invariants import BrokenError
from tools.soak.recovery import recover, unlock
from tools.soak.stack import Stack, guarded

_IMPATIENT = 3 / 4
_UNLUCKY = 1 / 3
_FIRST = 3
_NEW_AT_ONCE = 6
# The weights of the operations to kill. Creates come first, since they must not be repeated.
_KILLED = {"create": 4, "replace": 2, "update": 1, "retire": 1, "delete": 1}


class Turns:
    """Takes turns; each ends with a command, after which everything is checked."""

    def __init__(self, stack: Stack) -> None:
        """Take the stack, which `begin` creates."""
        self.stack = stack
        self.random = stack.random
        self.declaration = stack.declaration
        self.count = 0

    def begin(self) -> None:
        """Create the stack, and declare the first integrations."""
        self.stack.begin()
        for _ in range(_FIRST):
            self.add()

    def turn(self) -> None:
        """Take one turn. Raises BrokenError if an invariant is broken."""
        self.count += 1
        self.stack.steps.append(f"turn {self.count}")
        changes = {
            self.add: 3,
            self.change: 4,
            self.remove: 1,
            self.make_by_hand: 1,
            self.drift: 2,
            self.worsen: 4,
        }
        for change in self._any_of(changes, self.random.randint(0, 4)):
            change()
        commands = {
            self.up: 12,
            self.refresh: 4,
            self.preview: 1,
            self.kill: 6,
            self.settle: 1,
            self.start_over: 1,
        }
        [command] = self._any_of(commands, 1)
        guarded(command)

    def _any_of(self, weighted: dict[Callable[[], None], int], count: int) -> list[Callable[[], None]]:
        return self.random.choices(list(weighted), list(weighted.values()), k=count)

    # Changes to the declaration.

    def add(self) -> None:
        """Declare another integration, if any is left; inject a fault into some of the creates."""
        names = sorted(TYPES.keys() - self.declaration.entries.keys())
        if not names:
            return
        name = self.random.choice(names)
        self.stack.note(self.declaration.add(name))
        if self.random.random() < _UNLUCKY:
            integration_type = self.declaration.entries[name].integration_type
            where = {"operation": "create", "integration_type": integration_type}
            self.stack.note(weather.inject(self.random, self.stack.emulator, **where))

    def change(self) -> None:
        """Change an integration."""
        if name := self.any_name():
            self.stack.note(self.declaration.change(name))

    def remove(self) -> None:
        """Remove an integration, unless it is unresolved: that would give it up."""
        name = self.any_name()
        if name and name not in self.open_names():
            del self.declaration.entries[name]
            self.stack.note(f"remove {name}")

    def make_by_hand(self) -> None:
        """Create an integration by hand and declare it with `adopt`."""
        names = sorted(TYPES.keys() - self.declaration.entries.keys() - self.open_names())
        if not names:
            return
        name = self.random.choice(names)
        self.declaration.add(name)
        entry = self.declaration.entries[name]
        made = self.stack.emulator.add_integration(
            self.stack.api_key,
            integration_type=entry.integration_type,
            client_id="by hand",
            client_secret=self.random.choice(self.declaration.secrets),
        )
        self.stack.by_hand.add(made.rootfi_id)
        entry.adopt = made.rootfi_id
        self.stack.note(f"hand-made {name}")

    def any_name(self) -> str | None:
        """Return the name of a declared integration, or None."""
        return self.random.choice(sorted(self.declaration.entries)) if self.declaration.entries else None

    def open_names(self) -> frozenset[str]:
        """Return the names of unresolved integrations."""
        return self.stack.tracking().traced

    # Changes at RootFi.

    def drift(self) -> None:
        """Change or remove a tracked integration at RootFi."""
        tracked = set(self.stack.tracking().ids)
        ids = [made.rootfi_id for made in self.stack.at_rootfi() if str(made.rootfi_id) in tracked]
        if not ids:
            return
        rootfi_id = self.random.choice(ids)
        emulator = self.stack.emulator
        match what := self.random.choice(["client_id", "secret", "disabled", "removed"]):
            case "client_id":
                emulator.edit(rootfi_id, client_id="drifted")
            case "secret":
                emulator.edit(rootfi_id, client_secret=self.random.choice(self.declaration.secrets))
            case "disabled":
                emulator.edit(rootfi_id, is_disabled=not emulator.integration(rootfi_id).is_disabled)
            case "removed":
                emulator.remove(rootfi_id)
        self.stack.note(f"drift of {rootfi_id}: {what}")

    def worsen(self) -> None:
        """Inject a fault."""
        name = self.any_name()
        if name:
            integration_type = self.declaration.entries[name].integration_type
            self.stack.note(weather.worsen(self.random, self.stack.emulator, integration_type))

    # Commands.

    def up(self) -> None:
        """Deploy. After a kill, usually unlock the stack first."""
        if self.random.random() < _IMPATIENT:
            unlock(self.stack)
        self.stack.run("up")

    def refresh(self) -> None:
        """Refresh the state."""
        self.stack.run("refresh")

    def preview(self) -> None:
        """Preview a deployment."""
        self.stack.preview()

    def kill(self) -> None:
        """Settle, change the declaration so that a run does a drill's operation, and kill that run."""
        self.settle()
        drill = Drill(
            self.random.choice(sorted(VICTIMS)),
            self.random.choices(list(_KILLED), list(_KILLED.values()))[0],
            self.random.choice(sorted(MOMENTS)),
        )
        enabled = sorted(name for name, entry in self.declaration.entries.items() if not entry.is_disabled)
        new = sorted(TYPES.keys() - self.declaration.entries.keys())
        if drill.operation == "create" and new:
            for name in self.random.sample(new, self.random.randint(1, min(_NEW_AT_ONCE, len(new)))):
                self.stack.note(self.declaration.add(name))
        elif drill.operation == "update" and self.declaration.entries:
            self.declaration.change_client_id(self.random.choice(sorted(self.declaration.entries)))
        elif drill.operation in ("replace", "retire") and enabled:
            self.declaration.change_type(self.random.choice(enabled))
        elif drill.operation != "delete" or not self.declaration.entries:
            return
        # An engine whose workers are all busy cannot note a dead plugin's creates.
        self.stack.kill(drill, *self.random.choice([[], ["--parallel", "1"], ["--parallel", "2"]]))

    def settle(self) -> None:
        """Recover, refresh and deploy without faults; then check that everything is as declared."""
        stack = self.stack
        recover(stack)
        there = {made.rootfi_id for made in stack.at_rootfi()}
        for entry in self.declaration.entries.values():
            if entry.adopt not in there:
                entry.adopt = None
        stack.run("refresh", code=0)
        if any(entry.adopt for entry in self.declaration.entries.values()):
            # An adoption that differs from the declaration fails; the next run applies the declaration.
            stack.run("up")
        stack.run("up", code=0)
        stack.preview("--refresh", "--expect-no-changes")
        self.check_as_declared()

    def start_over(self) -> None:
        """Settle, destroy, and start with an empty stack."""
        self.finish()
        self.begin()

    def finish(self) -> None:
        """Settle and destroy. Raises BrokenError if something is live afterwards."""
        self.settle()
        self.stack.run("destroy", code=0)
        if live := self.stack.untracked(self.stack.tracking()):
            raise BrokenError(f"live after destroy: {live}")
        self.stack.note("stack rm")
        self.stack.project.pulumi("stack", "rm", self.stack.name, "--yes")
        self.declaration.entries.clear()

    def check_as_declared(self) -> None:
        """Raise BrokenError if RootFi differs from the declaration."""
        resources = self.stack.project.resources()
        if resources.keys() != self.declaration.entries.keys():
            raise BrokenError(
                f"the state has {sorted(resources)}, the declaration {sorted(self.declaration.entries)}"
            )
        for name, entry in self.declaration.entries.items():
            made = self.stack.emulator.integration(int(resources[name]["id"]))
            has = (made.integration_type, made.client_id, made.client_secret, made.is_disabled)
            if has != (entry.integration_type, entry.client_id, entry.secret, entry.is_disabled):
                raise BrokenError(f"{name} is not as declared: {made}")
