"""Asks the program, from the plugin, whether a create may go ahead.

Usually the program's hook has already decided. A transform that returns fresh options drops the hooks, and
with them the guard against a second create, so the plugin asks as well. If no program has ever answered (on
other systems than Linux), the hook alone decides. A program that has answered and no longer does has died.
"""

import json
from typing import Any

from rootfi_pulumi.provider.boundary import resource_urn
from rootfi_pulumi.provider.phrases import PROGRAM_ENDED
from rootfi_pulumi.provider.program_client import ask
from rootfi_pulumi.sdk_internals.engine_process import engine_port_of_plugin

GRANTED = b"granted"
"""The program's answer to a create that may go ahead; any other answer is the reason why not."""

# Seconds: the program may have to read the state, several times over.
_PATIENCE = 300
_DIED = f"{PROGRAM_ENDED}\n  Run it again:  pulumi up"
# The inputs that a refusal names. No credential leaves this process.
_NAMED = ("integration_type", "client_id", "adopt")


def write_question(urn: str, inputs: dict[str, Any]) -> bytes:
    """Return the question for a create; `read_question` reads it."""
    return json.dumps({"urn": urn, "inputs": {name: inputs.get(name) for name in _NAMED}}).encode()


def read_question(line: bytes) -> tuple[str, dict[str, Any]]:
    """Return a question's URN and inputs. Raises ValueError, KeyError or TypeError for another line."""
    read = json.loads(line)
    return read["urn"], read["inputs"]


class Permission:
    """Asks the program before each create."""

    def __init__(self) -> None:
        self._has_answered = False

    def why_not(self, inputs: dict[str, Any]) -> str | None:
        """Return why the resource that the engine is creating must not be created, or None."""
        urn = resource_urn()
        engine = engine_port_of_plugin()
        if not engine or not urn:
            return None
        answer = ask(engine, write_question(urn, inputs), _PATIENCE)
        if answer is None and not self._has_answered:
            return None
        self._has_answered = True
        if answer == GRANTED:
            return None
        # An answer that is cut off may end within a character.
        return (answer or b"").decode(errors="replace") or _DIED
