"""The states of an integration in an environment, with a symbol and a plain description for each."""

from enum import StrEnum


class State(StrEnum):
    """A state, most urgent first. If several apply, the most urgent is shown."""

    UNFINISHED = "unfinished"
    DRIFTED = "drifted"
    MISSING = "missing"
    UNDECLARED = "undeclared"
    DISABLED = "disabled"
    ENABLED = "enabled"


OCCURRENCE = "{name} is {state} in {where}"
"""The line for a state of `--fail-on` that occurs."""

FAILING = tuple(state for state in State if state is not State.ENABLED)
"""The states that `--fail-on` accepts."""

MEANING = {
    State.ENABLED: "Set up at RootFi and enabled. Nothing to do.",
    State.DISABLED: "Set up at RootFi and disabled: companies cannot connect through it.",
    State.MISSING: "Declared for this environment, but not set up yet. The next deployment sets it up.",
    State.UNDECLARED: (
        "Set up at RootFi, but no longer declared for this environment. The next deployment disables it, "
        "unless it is kept on purpose."
    ),
    State.UNFINISHED: (
        "A deployment was interrupted, so RootFi may or may not have it. "
        "`rootfi-pulumi doctor` lists the steps."
    ),
    State.DRIFTED: (
        "Changed at RootFi outside of deployments, or adopted with other values than declared. The next "
        "deployment with a refresh restores the declared values."
    ),
}
"""Each state in a sentence or two, for readers who do not know Pulumi."""

SYMBOL = {
    State.ENABLED: "●",
    State.DISABLED: "○",
    State.MISSING: "✕",
    State.UNDECLARED: "?",
    State.UNFINISHED: "!",
    State.DRIFTED: "≠",
}
"""A symbol for each state, so that colour is not the only distinction."""
