"""Builds a stack's state from the state before an update and the journal that the CLI sends during it.

Journaling is what Pulumi Cloud uses for each update (https://www.pulumi.com/blog/journaling-ga). The rules are
those of https://pulumi-developer-docs.readthedocs.io/latest/docs/architecture/deployment-execution/state.html.
State migrations and snippets, which this provider's programs have none of, are refused.
"""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

Deployment = dict[str, Any]
Entry = dict[str, Any]


class Kind(IntEnum):
    """What an entry says of its operation, or of the whole state."""

    BEGIN = 0
    SUCCESS = 1
    FAILURE = 2
    REFRESH_SUCCESS = 3
    OUTPUTS = 4
    WRITE = 5
    SECRETS_MANAGER = 6
    REBUILT_BASE_STATE = 7


def replay(base: Deployment, entries: Iterable[Entry]) -> Deployment:
    """Return the state after these entries, in whichever order they came; raise ValueError for an unknown one."""
    state = _Replay(deepcopy(base))
    for entry in sorted(deepcopy(list(entries)), key=lambda each: int(each["sequenceID"])):
        state.add(entry)
    return state.deployment()


@dataclass
class _Replay:
    """`made` holds the resources of this update by operation; the sets and `replaced`, indices in the base."""

    base: Deployment
    made: dict[int, dict[str, Any]] = field(default_factory=dict)
    begun: dict[int, Entry] = field(default_factory=dict)
    replaced: dict[int, dict[str, Any]] = field(default_factory=dict)
    removed: set[int] = field(default_factory=set)
    marked: dict[str, set[int]] = field(
        default_factory=lambda: {"delete": set(), "pendingReplacement": set()}
    )
    has_refresh: bool = False

    def add(self, entry: Entry) -> None:
        match Kind(entry["kind"]):
            case Kind.BEGIN:
                self.begun[entry["operationID"]] = entry
            case Kind.FAILURE:
                self.begun.pop(entry["operationID"], None)
            case Kind.SUCCESS:
                self._succeed(entry)
            case Kind.REFRESH_SUCCESS:
                self.begun.pop(entry["operationID"], None)
                self.has_refresh = True
                self._put(entry)
            case Kind.OUTPUTS:
                if entry.get("state"):
                    self._put(entry)
            case Kind.WRITE:
                self.base = entry["newSnapshot"]
            case Kind.SECRETS_MANAGER:
                self.base["secrets_providers"] = entry["secretsProvider"]
            case Kind.REBUILT_BASE_STATE:
                vars(self).update(vars(_Replay(self.deployment())) | {"has_refresh": self.has_refresh})

    def _succeed(self, entry: Entry) -> None:
        self.begun.pop(entry["operationID"], None)
        if entry.get("state"):
            self.made[entry["operationID"]] = entry["state"]
        if entry["removeOld"] is not None:
            self.removed.add(entry["removeOld"])
        if entry["removeNew"] is not None:
            self.made.pop(entry["removeNew"], None)
        for mark, member in (("delete", "delete"), ("pendingReplacement", "pendingReplacement")):
            if (old := entry.get(f"{member}Old")) is not None:
                self.marked[mark].add(old)
            if (new := entry.get(f"{member}New")) is not None:
                self.made[new][mark] = True
        self.has_refresh |= bool(entry.get("isRefresh"))

    def _put(self, entry: Entry) -> None:
        """Put the entry's resource, which may be none, where its old one is."""
        state, old, new = entry.get("state"), entry["removeOld"], entry["removeNew"]
        if old is not None and state:
            self.replaced[old] = state
        elif old is not None:
            self.removed.add(old)
        if new is not None and state:
            self.made[new] = state
        elif new is not None:
            self.made.pop(new, None)

    def deployment(self) -> Deployment:
        resources = [*self.made.values()]
        for index, resource in enumerate(self.base.get("resources") or []):
            if index not in self.removed:
                marks = {mark: True for mark, marked in self.marked.items() if index in marked}
                if "pendingReplacement" in marks:
                    resource["pendingReplacement"] = True
                resources.append(self.replaced.get(index) or (resource | marks))
        if self.has_refresh:
            _drop_dangling(resources)
        pending = [entry["operation"] for entry in self.begun.values() if entry.get("operation")]
        kept = [each for each in self.base.get("pending_operations") or [] if each["type"] == "creating"]
        return self.base | {"resources": resources, "pending_operations": [*pending, *kept]}


def _drop_dangling(resources: list[dict[str, Any]]) -> None:
    """Take out references to what a refresh found deleted; a child goes to the parent of its parent."""
    known: set[str] = set()
    parents: dict[str, str] = {}
    for each in resources:
        for member in ("dependencies", "replaceWith"):
            if each.get(member):
                each[member] = [urn for urn in each[member] if urn in known]
        by_property = each.get("propertyDependencies")
        if by_property:
            kept = {key: [urn for urn in urns or [] if urn in known] for key, urns in by_property.items()}
            each["propertyDependencies"] = {key: urns for key, urns in kept.items() if urns}
        if each.get("deletedWith") not in known:
            each.pop("deletedWith", None)
        if each.get("parent") and each["parent"] not in known:
            each["parent"] = parents.get(each["parent"], "")
        parents[each["urn"]] = each.get("parent", "")
        known.add(each["urn"])
