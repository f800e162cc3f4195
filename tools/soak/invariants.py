"""The invariants after each run: nothing live is untracked, tracked twice or created twice."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Self

from rootfi_pulumi.emulator import StoredIntegration
from rootfi_pulumi.provider.phrases import BUG
from rootfi_pulumi.state import JOURNAL, is_unresolved, name_of

# What no run may print: a crash of the program, of the plugin, of the engine.
_CRASHES = ("Traceback (most recent call last)", BUG, "panic: ", "goroutine ")


class BrokenError(Exception):
    """An invariant is broken. `str()` says which."""


@dataclass(frozen=True)
class Tracking:
    """What a stack's state tracks: RootFi's `ids`, and the names of integrations that may have been created.

    The latter are `unresolved` (with the URN of each), `pending` (the engine was killed) or `noted` in the
    journal (the plugin was killed).
    """

    ids: list[str]
    unresolved: dict[str, str]
    pending: frozenset[str]
    noted: frozenset[str]

    @classmethod
    def of(cls, deployment: dict[str, Any]) -> Self:
        """Read the `deployment` of `pulumi stack export`."""
        resources = deployment.get("resources") or []
        operations = deployment.get("pending_operations") or []
        integrations = [each for each in resources if _is_integration(each)]
        # An integration about to be deleted has a replacement, so it is resolved.
        unresolved = [each for each in integrations if is_unresolved(each["id"]) and not each.get("delete")]
        ids = {each["urn"]: each["id"] for each in integrations if not each.get("delete")}
        journals = [each.get("outputs") or {} for each in resources if each["type"] == JOURNAL]
        return cls(
            ids=[each["id"] for each in integrations if not is_unresolved(each["id"])],
            unresolved={name_of(each["urn"]): each["urn"] for each in unresolved},
            pending=frozenset(
                name_of(each["resource"]["urn"])
                for each in operations
                if each["type"] == "creating" and _is_integration(each["resource"])
            ),
            noted=frozenset(
                name_of(urn)
                for each in journals
                for urn in each.get("interrupted") or []
                # An id that differs from the one before resolves it: it was created after all, or adopted.
                if ids.get(urn) in (None, each["managed_before"].get(urn))
            ),
        )

    @property
    def traced(self) -> frozenset[str]:
        """The names of integrations that RootFi may have, but whose ids the state lacks."""
        return self.pending | self.noted | self.unresolved.keys()


def untracked(
    tracking: Tracking, at_rootfi: Iterable[StoredIntegration], by_hand: Collection[int]
) -> dict[str, list[int]]:
    """Return the ids of enabled integrations that are neither tracked nor made by hand, by their names.

    The name is the part of the client id before the dash.
    """
    found = defaultdict(list)
    for made in at_rootfi:
        if not (made.is_disabled or str(made.rootfi_id) in tracking.ids or made.rootfi_id in by_hand):
            found[made.client_id.partition("-")[0]].append(made.rootfi_id)
    return dict(found)


def check_tracking(
    tracking: Tracking,
    at_rootfi: Iterable[StoredIntegration],
    by_hand: Collection[int],
) -> None:
    """Raise BrokenError if an integration is lost, or tracked or created twice."""
    twice = [id_ for id_, count in Counter(tracking.ids).items() if count > 1]
    if twice:
        raise BrokenError(f"tracked twice: {', '.join(twice)}")
    for name, ids in untracked(tracking, at_rootfi, by_hand).items():
        if name not in tracking.traced:
            raise BrokenError(f"live and untracked, without a trace in the state: {name}, as {ids}")
        if len(ids) > 1:
            raise BrokenError(f"created more than once: {name}, as {ids}")


def check_output(output: str, secrets: Iterable[str]) -> None:
    """Raise BrokenError for a crash or a secret in what a command printed."""
    for sign in _CRASHES:
        if sign in output:
            raise BrokenError(f"a command printed {sign!r}")
    if any(secret in output for secret in secrets):
        raise BrokenError("a command printed a secret")


def _is_integration(resource: dict[str, Any]) -> bool:
    return str(resource["type"]).endswith(":RootFiIntegration")
