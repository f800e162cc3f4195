"""Asks the program, from the plugin, whether a create may go ahead.

As a rule the program's hook has decided that already. A transform that returns fresh options drops the hooks,
and with them the guard against a second create; so the plugin asks as well. Where no program has ever
answered (elsewhere than on Linux), the hook alone decides. One that no longer answers has died.
"""

import json
from typing import Any

from rootfi_pulumi.provider.program_socket import ask
from rootfi_pulumi.sdk_internals.engine_process import engine_port_of_plugin
from rootfi_pulumi.sdk_internals.sdk_call import variable_of_caller

GRANTED = b"granted"
"""What the program answers to a create that may go ahead; else it says why not."""

# Seconds: the program may have to read the state, several times over.
_PATIENCE = 300
_DIED = (
    "{name}: not created: the program ended before it said whether an earlier run may have created it: "
    "run `pulumi up` again"
)
# What a refusal names. No credential leaves this process.
_NAMED = ("integration_type", "client_id", "adopt")


def question(urn: str, inputs: dict[str, Any]) -> bytes:
    """Return the question for a create; `asked` reads it."""
    return json.dumps({"urn": urn, "inputs": {name: inputs.get(name) for name in _NAMED}}).encode()


def asked(line: bytes) -> tuple[str, dict[str, Any]]:
    """Return a question's URN and inputs. Raises ValueError, KeyError or TypeError for another line."""
    read = json.loads(line)
    return read["urn"], read["inputs"]


class Permission:
    """What a plugin asks its program before each create."""

    def __init__(self) -> None:
        self._has_answered = False

    def why_not(self, inputs: dict[str, Any]) -> str | None:
        """Say why the resource that the engine is creating with these inputs must not be created, or None."""
        request = variable_of_caller("request", "urn")
        engine = engine_port_of_plugin()
        if not engine or not request:
            return None
        answer = ask(engine, question(request.urn, inputs), _PATIENCE)
        if answer is None and not self._has_answered:
            return None
        self._has_answered = True
        if answer == GRANTED:
            return None
        # Cut off in the middle of a letter, perhaps.
        return (answer or b"").decode(errors="replace") or _DIED.format(name=request.urn.rpartition("::")[2])
