"""Says in a preview what an adoption does, since the engine shows it as it shows any create."""

from typing import TYPE_CHECKING

import pulumi

from rootfi_pulumi.state import name_of

if TYPE_CHECKING:
    from rootfi_pulumi.program.create_guard import Guard
    from rootfi_pulumi.program.integration import RootFiIntegration


def announce_adoption(resource: "RootFiIntegration", guard: "Guard") -> None:
    """Log on the resource's row which integration it takes over, if this preview plans that."""
    if pulumi.runtime.is_dry_run():
        resource.urn.apply(lambda urn: _announce(resource, urn, guard.taken_over(urn)))


def _announce(resource: "RootFiIntegration", urn: str, rootfi_id: int | None) -> None:
    if rootfi_id is not None:
        # Not ephemeral: that is shown only while the preview runs, and `--json` leaves it out.
        pulumi.log.info(f"{name_of(urn)}: takes over {rootfi_id}, creates nothing", resource)
