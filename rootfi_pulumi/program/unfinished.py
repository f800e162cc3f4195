"""Fails the run for an integration that is unfinished, once the other changes of the run have landed."""

from typing import TYPE_CHECKING, Any

import pulumi

from rootfi_pulumi.declaration.ignore_changes import named_members
from rootfi_pulumi.state import URN, name_of

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
) -> str:
    urn = await resource.urn.future() or ""
    name = name_of(urn)
    adopted_now = guard.is_created(urn)
    await guard.registered(urn)
    if unfinished:
        left = f" {unfinished.replace(URN, urn)}"
    elif differing := adopted_now and await _differing(resource, ignored):
        differs = "differ" if "," in differing else "differs"
        left = (
            f": adopted as {await resource.id.future()}, but {differing} {differs} from your declaration: "
            "run `pulumi up` again to apply it"
        )
    else:
        return name
    message = f"integration {name} is unfinished{left}"
    if pulumi.runtime.is_dry_run():
        pulumi.log.warn(message, resource)
        return name
    pulumi.log.error(message, resource)
    # The other changes of the run go on: it fails when they have landed.
    await guard.all_registered()
    raise pulumi.RunError(f"integration {name} is unfinished: the message at it says what to do")


async def _differing(resource: "RootFiIntegration", ignored: list[str]) -> str:
    members = await resource.differs_in.future() or []
    kept = named_members(members, ignored)
    return ", ".join(member for member in members if member not in kept)
