"""Asks the program, from the plugin, whether a create may go ahead.

As a rule the program's hook has decided that already. A transform that returns fresh options drops the hooks,
and with them the guard against a second create; so the plugin asks as well. Where no program answers
(elsewhere than on Linux, or when it has died), the hook alone decides.
"""

import json
from typing import Any

from rootfi_pulumi.engine_process import engine_port_of_plugin
from rootfi_pulumi.program_socket import ask
from rootfi_pulumi.sdk_call import variable_of_caller

GRANTED = b"granted"
"""What the program answers to a create that may go ahead; else it says why not."""

# Seconds: the program may have to read the state, several times over.
_PATIENCE = 300
# What a refusal names. No credential leaves this process.
_NAMED = ("integration_type", "client_id", "adopt")


def question(urn: str, inputs: dict[str, Any]) -> bytes:
    """Return the question for a create; `asked` reads it."""
    return json.dumps({"urn": urn, "inputs": {name: inputs.get(name) for name in _NAMED}}).encode()


def asked(line: bytes) -> tuple[str, dict[str, Any]]:
    """Return the URN and the inputs of a question. Raises ValueError or KeyError for another line."""
    read = json.loads(line)
    return read["urn"], read["inputs"]


def why_not_permitted(inputs: dict[str, Any]) -> str | None:
    """Say why the resource that the engine is creating with these inputs must not be created, or None."""
    request = variable_of_caller("request", "urn")
    engine = engine_port_of_plugin()
    answer = ask(engine, question(request.urn, inputs), _PATIENCE) if engine and request else None
    if answer is None or answer == GRANTED:
        return None
    return answer.decode() or "the program ended before it said whether this create may go ahead"
