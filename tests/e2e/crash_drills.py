"""The table of crash drills: what is killed, during what, when, and what then puts things right.

docs/recovery.md holds the same table; `rows()` is what it is compared with.
"""

from dataclasses import dataclass
from itertools import product

VICTIMS = {"cli": "the CLI", "plugin": "the plugin", "both": "both"}
OPERATIONS = {
    "create": "create",
    "update": "update",
    "replace": "replace, making the new one",
    "retire": "replace, disabling the old one",
    "delete": "delete",
}
MOMENTS = {
    "before": "before RootFi has it",
    "working": "while RootFi works",
    "answered": "after its answer, before the state is written",
}


@dataclass(frozen=True)
class Drill:
    victim: str
    operation: str
    moment: str

    def __str__(self) -> str:
        return f"{self.operation}-{self.victim}-{self.moment}"

    @property
    def recovery(self) -> list[str]:
        """The commands, in order; `adopt` and `forget` stand for what the message on the screen says."""
        unlock = [] if self.victim == "plugin" else ["cancel"]
        again = "destroy" if self.operation == "delete" else "up"
        if self.operation in ("update", "retire", "delete"):
            return [*unlock, again]
        if self.moment == "before":
            return [*unlock, "forget", "up"]
        forget = [] if self.victim == "plugin" else ["forget"]
        return [*unlock, "adopt", "up", *forget]

    def row(self) -> str:
        steps = ", ".join(f"`{step}`" for step in self.recovery)
        return f"| {OPERATIONS[self.operation]} | {VICTIMS[self.victim]} | {MOMENTS[self.moment]} | {steps} |"


DRILLS = [Drill(*each) for each in product(VICTIMS, OPERATIONS, MOMENTS)]


def rows() -> list[str]:
    """The table's lines, in the order of the operations."""
    in_order = sorted(DRILLS, key=lambda drill: list(OPERATIONS).index(drill.operation))
    return [drill.row() for drill in in_order]
