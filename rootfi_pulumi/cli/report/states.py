"""How an integration stands in an environment, and what that means in plain words."""

from enum import StrEnum


class State(StrEnum):
    """The most urgent first: of several that hold, the first is the one that is shown."""

    UNFINISHED = "unfinished"
    DRIFTED = "drifted"
    MISSING = "missing"
    UNDECLARED = "undeclared"
    DISABLED = "disabled"
    ENABLED = "enabled"


FAILING = tuple(state for state in State if state is not State.ENABLED)
"""What `--fail-on` may name."""

MEANING = {
    State.ENABLED: "Set up at RootFi and switched on. Nothing to do.",
    State.DISABLED: "Set up at RootFi and switched off: companies cannot connect through it.",
    State.MISSING: "Declared for this environment, but not set up yet. The next deployment does it.",
    State.UNDECLARED: (
        "Set up at RootFi, but no longer declared for this environment. The next deployment switches it off, "
        "unless it is kept on purpose."
    ),
    State.UNFINISHED: (
        "A deployment stopped halfway, so nobody knows whether RootFi has it. Somebody must look; "
        "`rootfi-pulumi doctor` says how."
    ),
    State.DRIFTED: (
        "Somebody changed it at RootFi, past the declaration. The next deployment that looks at RootFi first "
        "puts the declared values back."
    ),
}
"""Each state in a sentence or two, for somebody who does not know Pulumi."""

SYMBOL = {
    State.ENABLED: "●",
    State.DISABLED: "○",
    State.MISSING: "✕",
    State.UNDECLARED: "?",
    State.UNFINISHED: "!",
    State.DRIFTED: "≠",
}
"""A shape for each, so that none is told by its colour alone."""
