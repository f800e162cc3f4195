"""Create the integrations that a stack file declares when the emulator starts (`--seed-from`)."""

import secrets
from argparse import ArgumentTypeError
from pathlib import Path
from typing import TYPE_CHECKING

from rootfi_pulumi.declaration.model import Integrations
from rootfi_pulumi.declaration.problems import ConfigError
from rootfi_pulumi.declaration.stack_mistakes import integrations_of, read_with_mistakes

if TYPE_CHECKING:
    from rootfi_pulumi.emulator import Emulator, StoredIntegration


def declared(path: str) -> Integrations:
    """Read a stack file. Raises `ArgumentTypeError`, one line, if `rootfi-pulumi check` rejects the file."""
    try:
        file, mistakes = read_with_mistakes(Path(path))
        if mistakes:
            raise ArgumentTypeError(f"{path}:{mistakes[0].line}: {mistakes[0].message}")
        return integrations_of(file)
    except OSError as error:
        raise ArgumentTypeError(f"{path}: {error.strerror}") from None
    except ConfigError as error:
        raise ArgumentTypeError(f"{path}: {error}") from None


def plant(emulator: "Emulator", api_key: str, integrations: Integrations) -> dict[str, "StoredIntegration"]:
    """Add each integration to a key's organisation and return them by name.

    An entry with `adopt` gets that id. A file holds only the ciphertext or the variable of a secret, so each
    integration gets a random one; adopting it therefore shows a difference.
    """
    # Add the entries with `adopt` first, or another entry could take their ids.
    entries = sorted(integrations.items(), key=lambda item: item[1].adopt is None)
    planted = {
        name: emulator.add_integration(
            api_key,
            rootfi_id=entry.adopt,
            integration_type=entry.integration_type,
            client_id=entry.client_id,
            client_secret=secrets.token_urlsafe(24),
            is_disabled=entry.is_disabled,
            is_rootfi_identity=entry.is_rootfi_identity,
        )
        for name, entry in entries
    }
    return {name: planted[name] for name in integrations}
