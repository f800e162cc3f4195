"""Says which protection from duplicates this system lacks, since it rests on what not every system has.

docs/platforms.md explains each case.
"""

import pulumi

from rootfi_pulumi.provider.program_client import can_ask_program
from rootfi_pulumi.sdk_internals.engine_connection import can_find_connections
from rootfi_pulumi.sdk_internals.engine_process import can_find_listener

LACKS = "this system lacks part of the protection from duplicates"
HOOKS = "a transform drops the program's hooks"
TOGETHER = "the plugin and the program are killed together"
NOT_NOTED = "the plugin is killed and the state cannot take a note of it"


def warn_of_missing_protections() -> None:
    """Warn once of the cases in which a create may be repeated on this system, if there are any."""
    cases = missing_protections()
    if cases:
        pulumi.log.warn(
            f"{LACKS}: a create may be repeated if {', or if '.join(cases)}\n"
            "  If that happens, look in RootFi before the next `pulumi up` (docs/platforms.md)."
        )


def missing_protections() -> list[str]:
    """Return the cases in which a create may be repeated on this system."""
    can_ask = can_ask_program()
    cases = {
        HOOKS: can_ask,
        TOGETHER: can_ask and can_find_connections(),
        NOT_NOTED: can_find_listener(),
    }
    return [case for case, is_protected in cases.items() if not is_protected]
