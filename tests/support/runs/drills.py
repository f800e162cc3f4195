"""The crash drills: what is killed, during what, when, in what circumstances, and what puts things right.

docs/recovery.md shows `rows()`, the rule that all drills follow, and a test compares the two.
"""

from dataclasses import dataclass, replace
from itertools import product

VICTIMS = ("cli", "plugin", "both")
OPERATIONS = {
    "create": "a create",
    "update": "an update",
    "replace": "a create",
    "retire": "an update",
    "delete": "a delete",
}
MOMENTS = ("before", "working", "answered")

CREATE_VICTIMS = (*VICTIMS, "program")
LOADS = ("idle", "busy")
TARGETS = ("all", "named")
JOURNALS = ("there", "first", "removed")
RUNNERS = ("cli", "local", "inline")


@dataclass(frozen=True)
class Drill:
    """One crash.

    `victim` is killed; "cli" is the engine's process in each way of running, "both" is it and the plugin, and
    "program" the program and the plugin. `operation` is what is under way: "replace" is the create of a
    replacement, "retire" the disabling of what it replaces. `moment` is before RootFi has the change, while it
    works, or after its answer and before the state is written.

    A "busy" engine has more creates queued than workers. A "named" target is `--target '**xero'`, for each
    integration of the drill. The state has a CreateJournal ("there"), has none yet ("first", a first deploy),
    or had one ("removed", by `pulumi state delete`). `runner` is the CLI, or the Automation API with a local or
    an inline program.
    """

    victim: str
    operation: str
    moment: str
    load: str = "idle"
    target: str = "all"
    journal: str = "there"
    runner: str = "cli"

    def __str__(self) -> str:
        return f"{self.operation}-{self.victim}-{self.moment}"

    @property
    def cell(self) -> str:
        """Every dimension, as the name of a test."""
        return "-".join([str(self), self.load, self.target, self.journal, self.runner])

    @property
    def creates(self) -> bool:
        return OPERATIONS[self.operation] == "a create"

    @property
    def ends_engine(self) -> bool:
        """Whether the engine is dead afterwards: it was killed, or the run ended it for want of a note."""
        cannot_note = self.load == "busy" or (self.target == "named" and self.journal != "there")
        return self.victim != "plugin" or (self.creates and cannot_note)

    @property
    def lands(self) -> bool:
        return self.moment != "before"

    @property
    def recovery(self) -> list[str]:
        """The commands, in order; `adopt` and `forget` are what the message on the screen says."""
        unlock = ["cancel"] if self.ends_engine else []
        if not self.creates:
            return [*unlock, "destroy" if self.operation == "delete" else "up"]
        if not self.lands:
            return [*unlock, "forget", "up"]
        return [*unlock, "adopt", "up", *(["forget"] if self.ends_engine else [])]

    def row(self) -> str:
        engine = "dead" if self.ends_engine else "alive"
        has_it = "either" if not self.creates else "yes" if self.lands else "no"
        steps = ", ".join(f"`{step}`" for step in self.recovery)
        return f"| {OPERATIONS[self.operation]} | {engine} | {has_it} | {steps} |"


USUAL = [Drill(*each) for each in product(VICTIMS, OPERATIONS, MOMENTS)]
"""Each victim, operation and moment, on an idle engine of the CLI, without targets."""
USUAL = [replace(each, journal="first") if each.operation == "create" else each for each in USUAL]

CELLS = [
    Drill("cli", "replace", "before", "idle", "all", "removed", "inline"),
    Drill("cli", "create", "working", "busy", "all", "there", "cli"),
    Drill("cli", "create", "answered", "busy", "named", "first", "local"),
    Drill("plugin", "create", "answered", "idle", "all", "there", "inline"),
    Drill("plugin", "create", "working", "idle", "all", "removed", "inline"),
    Drill("plugin", "replace", "working", "idle", "named", "there", "inline"),
    Drill("plugin", "create", "working", "idle", "named", "first", "local"),
    Drill("plugin", "replace", "answered", "idle", "named", "removed", "cli"),
    Drill("plugin", "replace", "working", "busy", "all", "there", "cli"),
    Drill("plugin", "create", "answered", "busy", "all", "first", "inline"),
    Drill("plugin", "create", "answered", "busy", "all", "removed", "cli"),
    Drill("plugin", "replace", "before", "busy", "named", "there", "cli"),
    Drill("plugin", "create", "working", "busy", "named", "first", "cli"),
    Drill("plugin", "create", "before", "busy", "named", "removed", "local"),
    Drill("both", "replace", "answered", "idle", "all", "there", "local"),
    Drill("both", "replace", "working", "busy", "named", "removed", "inline"),
    Drill("program", "create", "working", "idle", "all", "first", "inline"),
    Drill("program", "create", "before", "busy", "named", "removed", "local"),
    Drill("program", "replace", "answered", "busy", "all", "there", "cli"),
]
"""What `USUAL` leaves out of the circumstances of a create. Of any two dimensions, the creates in both lists have
every pair of values; where the plugin alone is killed, so that the run decides what happens to the engine, they
have every triple of load, target and journal. All products would be 720 drills.
"""

CREATES = [*(drill for drill in USUAL if drill.creates), *CELLS]
CHANGES = [drill for drill in USUAL if not drill.creates]


def rows() -> list[str]:
    """Return the lines of the table, each of which at least one drill follows."""
    return list(dict.fromkeys(drill.row() for drill in sorted([*CREATES, *CHANGES], key=_place)))


def _place(drill: Drill) -> tuple[int, bool, bool]:
    return list(OPERATIONS.values()).index(OPERATIONS[drill.operation]), drill.ends_engine, drill.lands
