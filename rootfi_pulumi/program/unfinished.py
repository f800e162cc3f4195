"""Fails the run for an integration that is unfinished, once the other changes of the run have landed."""

from shlex import quote
from typing import TYPE_CHECKING, Any

import pulumi

from rootfi_pulumi.declaration.ignore_changes import other_members
from rootfi_pulumi.program.steps import list_steps, read_shown
from rootfi_pulumi.provider.phrases import DIFFERS
from rootfi_pulumi.provider.unfinished_create import describe_unfinished
from rootfi_pulumi.state import is_unresolved, name_of

if TYPE_CHECKING:
    from rootfi_pulumi.program.create_guard import Guard
    from rootfi_pulumi.program.integration import RootFiIntegration


def fail_if_unfinished(resource: "RootFiIntegration", guard: "Guard", ignored: list[str]) -> None:
    """Say what is left to do for a resource, and fail the run; `ignored` is its `ignore_changes`."""
    # Any, since the types of `apply` do not say what an awaitable yields.
    landed: Any = _landed
    resource.unfinished.apply(lambda unfinished: landed(resource, guard, ignored, unfinished))


async def _landed(
    resource: "RootFiIntegration", guard: "Guard", ignored: list[str], unfinished: str | None
) -> None:
    urn = await resource.urn.future() or ""
    adopted_now = guard.is_created(urn)
    await guard.registered(urn)
    name, id_ = name_of(urn), await resource.id.future() or ""
    if unfinished:
        what = describe_unfinished(name, id_, unfinished)
        steps = await _steps(resource, urn, id_)
    elif differing := adopted_now and await _differing(resource, ignored):
        what = f"{name}: {DIFFERS} in {differing} (rootfi_id {id_})"
        steps = "  Apply the declaration:  pulumi up"
    else:
        return
    if pulumi.runtime.is_dry_run():
        pulumi.log.warn(f"{what}; `rootfi-pulumi doctor` lists the steps", resource)
        return
    pulumi.log.error(f"{what}\n{steps}", resource)
    # The other changes of the run go on: it fails when they have landed.
    await guard.all_registered()
    raise pulumi.RunError(f"{name} is unfinished: its own error says what to do")


async def _steps(resource: "RootFiIntegration", urn: str, id_: str) -> str:
    if not is_unresolved(id_):
        return "  Disable it:  pulumi up"
    integration_type, client_id = resource.integration_type, resource.client_id
    command = f"pulumi up --replace {quote(urn)}"
    return list_steps(await read_shown(integration_type), await read_shown(client_id), command)


async def _differing(resource: "RootFiIntegration", ignored: list[str]) -> str:
    members = await resource.differs_in.future() or []
    return ", ".join(other_members(members, ignored))
