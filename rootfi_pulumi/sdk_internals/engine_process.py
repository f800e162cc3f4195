"""Finds the engine's process from the program.

A program that the `pulumi` command runs is below it; an inline program of the Automation API is above it; and
any number of wrappers may be between. What all have is the address of the engine's server, on this machine:
the engine is who listens there. On Linux the kernel says who that is, elsewhere `lsof`.

The address is read from the SDK's client, which keeps it where nothing documents it. Where it is not found,
no process is.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_LISTENING = "0A"
_THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")
# Seconds.
_PATIENCE = 10


def engine_port() -> int | None:
    """Return the port of the engine's server, on the thread of the program; None where it is not found."""
    # The process that watches the plugin has no use for the SDK, which takes its time to load.
    from pulumi.runtime import settings  # noqa: PLC0415

    channel = getattr(getattr(settings.get_engine(), "Log", None), "_channel", None)
    address = channel.target().decode().rpartition("/")[2] if channel else ""
    host, _, port = address.rpartition(":")
    return int(port) if host in _THIS_MACHINE and port.isdigit() else None


def engine_port_of_plugin() -> int | None:
    """Return the port of the engine's server in the plugin, which gets it as an argument; None elsewhere."""
    port = sys.argv[1].rpartition(":")[2] if len(sys.argv) > 1 else ""
    return int(port) if port.isdigit() else None


def listener(port: int) -> int | None:
    """Return the id of the process that listens on this port of this machine, or None."""
    found = _listeners(port) if Path("/proc/net/tcp").exists() else _listeners_by_lsof(port)
    return next((pid for pid in found if pid != os.getpid()), None)


def surroundings(port: int | None) -> tuple[Path | None, dict[str, str]]:
    """Return the folder and the environment of the engine that listens on this port.

    None and nothing where that is not known: of no engine, and not on Linux.
    """
    process = Path("/proc", str(listener(port) if port else None))
    try:
        pairs = (process / "environ").read_bytes().decode(errors="surrogateescape").split("\0")
        return (process / "cwd").readlink(), dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    except OSError:
        return None, {}


def command_line() -> tuple[Path | None, list[str]]:
    """Return the folder and the arguments of the `pulumi` command that runs this process.

    None and nothing where that is not known: below no such command, and not on Linux.
    """
    process = os.getppid()
    with suppress(OSError, ValueError, IndexError):
        while process > 1:
            folder = Path("/proc", str(process))
            arguments = (folder / "cmdline").read_bytes().decode(errors="surrogateescape").split("\0")
            # By its file, too: it may have been started by another name.
            if "pulumi" in (Path(arguments[0]).name, (folder / "exe").readlink().name):
                return (folder / "cwd").readlink(), arguments
            # Behind the name, which may hold anything, come the state and the parent.
            process = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    return None, []


def _listeners(port: int) -> Iterator[int]:
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for file in Path("/proc").glob("[0-9]*/fd/*"):
        # Other users' processes cannot be looked into, and each may end meanwhile.
        with suppress(OSError):
            if str(file.readlink()) in sockets:
                yield int(file.parts[2])


def _listening_inodes(port: int) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        with suppress(FileNotFoundError):
            for line in Path("/proc/net", table).read_text().splitlines()[1:]:
                (
                    _,
                    local,
                    _,
                    state,
                    *_,
                ) = fields = line.split()
                if state == _LISTENING and int(local.rpartition(":")[2], 16) == port:
                    yield fields[9]


def _listeners_by_lsof(port: int) -> Iterator[int]:
    lsof = shutil.which("lsof")
    if lsof:
        command = [lsof, "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-t"]
        with suppress(OSError, subprocess.TimeoutExpired):
            done = subprocess.run(  # noqa: S603 (the port is a number)
                command, capture_output=True, text=True, timeout=_PATIENCE, check=False
            )
            yield from map(int, done.stdout.split())
