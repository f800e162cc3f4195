"""Run Pulumi's own installer: download.py FOLDER VERSION. A process of its own, so that it can be ended."""

from __future__ import annotations

import socket
import sys


def main(folder: str, version: str) -> str | None:
    """Install; return what went wrong, if anything did."""
    # The SDK sets no limit; without one a network that drops packets holds us for minutes.
    socket.setdefaulttimeout(10)
    try:
        # Imported here so that an environment without the SDK is one more reason, not a traceback.
        from pulumi.automation import PulumiCommand  # noqa: PLC0415
        from semver import VersionInfo  # noqa: PLC0415

        PulumiCommand.install(root=folder, version=VersionInfo.parse(version))
    except Exception as error:  # noqa: BLE001 - whatever it is, the caller has another way
        output = getattr(error, "output", None) or b""  # of the script that Pulumi's site serves
        return f"{output.decode(errors='replace')}{error}"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
