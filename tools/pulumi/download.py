"""Run Pulumi's installer: download.py FOLDER VERSION. It is a separate process so that it can be killed."""

from __future__ import annotations

import socket
import sys


def main(folder: str, version: str) -> str | None:
    """Install the CLI. Return the error message, or None."""
    # The SDK sets no timeout, so a network that drops packets would block for minutes.
    socket.setdefaulttimeout(10)
    try:
        # Imported here so that a missing SDK is an error message rather than a traceback.
        from pulumi.automation import PulumiCommand  # noqa: PLC0415
        from semver import VersionInfo  # noqa: PLC0415

        PulumiCommand.install(root=folder, version=VersionInfo.parse(version))
    except Exception as error:  # noqa: BLE001 - the caller has a fallback for every error
        output = getattr(error, "output", None) or b""  # of the script that Pulumi's site serves
        return f"{output.decode(errors='replace')}{error}"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
