"""Decides by the stack's state whether a create must be refused, and says why and what to do."""

from shlex import quote
from typing import Any

from rootfi_pulumi.program.steps import list_steps
from rootfi_pulumi.project.earlier_runs import EarlierRuns, StateUnreadableError
from rootfi_pulumi.provider.phrases import INTERRUPTED_RUN, MANAGED_ALREADY, NOT_CREATED
from rootfi_pulumi.state import name_of

SKIP = "ROOTFI_SKIP_PENDING_CHECK"
"""The environment variable that, set to 1, lets a run create without reading the state."""


def describe_refusal(urn: str, why: str) -> str:
    """Return the message for a create that is refused; in the plugin the same words begin its error."""
    return f"{name_of(urn)}: {NOT_CREATED}: {why}"


def find_refusal(urn: str, inputs: dict[str, Any], earlier: EarlierRuns) -> str | None:
    """Return why the integration of this URN must not be created as declared and what to do, or None."""
    if inputs.get("adopt") is not None:
        owner = earlier.managed.get(str(int(inputs["adopt"])))
        return refuse_managed(inputs, owner) if owner else None
    pending = earlier.left_pending(urn)
    if not pending and urn not in earlier.interrupted:
        return None
    forget = "refresh --clear-pending-creates" if pending else f"state delete {quote(earlier.journal)}"
    steps = list_steps(
        inputs.get("integration_type"), inputs.get("client_id"), f"pulumi {forget} && pulumi up"
    )
    return f"{INTERRUPTED_RUN} while creating it, so RootFi may have it\n{steps}"


def refuse_managed(inputs: dict[str, Any], owner: str) -> str:
    """Return why the integration that `adopt` names must not be adopted."""
    return (
        f"integration {int(inputs['adopt'])} {MANAGED_ALREADY} {owner}\n"
        "  Remove `adopt` from the declaration. To rename a resource, use `aliases`."
    )


def refuse_unread(error: StateUnreadableError) -> str:
    """Return why nothing is created while the state cannot be read."""
    return (
        f"{error}\n  Correct that. If no run was interrupted, create without this check:  {SKIP}=1 pulumi up"
    )
