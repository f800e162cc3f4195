"""The three steps of a deployment, with Pulumi's arguments for each."""

from dataclasses import dataclass

# --refresh alone uses the key of the last run, which the state holds; --run-program uses the current one.
_LOOK_FIRST = ("--refresh", "--run-program", "--diff")


@dataclass(frozen=True)
class Step:
    """A step: its name, Pulumi's arguments, and whether it changes RootFi.

    `checks_creates` says whether an unfinished create in the state makes it fail.
    """

    name: str
    args: tuple[str, ...]
    is_change: bool = False
    checks_creates: bool = False


PREVIEW = Step("preview", ("preview", *_LOOK_FIRST))
DEPLOY = Step("deploy", ("up", "--yes", *_LOOK_FIRST), is_change=True)
# A preview only warns of an unfinished create, and does not mention one that was killed.
DRIFT = Step("drift", ("preview", *_LOOK_FIRST, "--expect-no-changes"), checks_creates=True)
