"""Compares an integration in the state with its declaration."""

from dataclasses import dataclass, field

from rootfi_pulumi.declaration.ignore_changes import named_members
from rootfi_pulumi.declaration.members import CHANGED_IN_PLACE
from rootfi_pulumi.provider.inputs import Props
from rootfi_pulumi.provider.notices import describe_replacement
from rootfi_pulumi.sdk_internals.sdk_call import ignored_paths
from rootfi_pulumi.sdk_internals.unknown import is_unknown
from rootfi_pulumi.state import DIFFERS_IN, UNFINISHED, is_unresolved


@dataclass(frozen=True)
class Comparison:
    """Whether there is anything to do, the members that replace, and a line to show if there is one."""

    changes: bool
    replaces: list[str] = field(default_factory=list)
    notice: str | None = None


def compare(id_: str, olds: Props, news: Props) -> Comparison:
    """Return what differs; another type, or another id to adopt, replaces.

    What `ignore_changes` names is no change, also where the state has another value than the old inputs.
    """
    if is_unresolved(id_):
        # Nothing but an id can resolve it; the program keeps failing until one is given.
        adopted = ["adopt"] if news.get("adopt") is not None else []
        return Comparison(bool(adopted), adopted)
    replaces = [] if olds.get("integration_type") == news.get("integration_type") else ["integration_type"]
    if news.get("adopt") not in (None, olds.get("rootfi_id")):
        replaces.append("adopt")
    ignored = named_members(CHANGED_IN_PLACE, ignored_paths())
    left = [name for name in olds.get(DIFFERS_IN, ()) if name not in ignored]
    changed = bool(olds.get(UNFINISHED)) or any(
        olds.get(name) != news.get(name) or name in left for name in CHANGED_IN_PLACE if name not in ignored
    )
    return Comparison(changed or bool(replaces), replaces, _notice(id_, olds, news, replaces, left))


def _notice(id_: str, olds: Props, news: Props, replaces: list[str], left: list[str]) -> str | None:
    if replaces and not olds.get("is_disabled") and not is_unknown(news.get("adopt")):
        return describe_replacement(id_, news)
    if left:
        # The engine shows changes of inputs, which an adoption keeps as they are declared.
        return f"an update of {id_} applies {', '.join(left)}"
    return None
