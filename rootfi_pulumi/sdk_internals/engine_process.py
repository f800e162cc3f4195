"""Finds the engine's process, its working directory and its environment.

A program that the `pulumi` command runs is a descendant of the engine, an inline program of the Automation
API its ancestor, with any number of wrappers between them. Both know the address of the engine's server on
this machine: the engine is the process that listens there. On Linux the kernel says which one that is,
elsewhere `lsof`.

The program reads the address from a private attribute of the SDK's client, the plugin from its first
argument. If the address is not found, neither is the process.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

_LISTENING = "0A"
_THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")
# Seconds.
_LSOF_TIMEOUT = 10


def engine_port() -> int | None:
    """Return the port of the engine's server, or None. Call it on the program's own thread."""
    # The process that watches the plugin must not load the SDK, which takes half a second.
    from pulumi.runtime import settings  # noqa: PLC0415

    try:
        engine: Any = settings.get_engine()
        address = engine.Log._channel.target().decode()  # noqa: SLF001 (there is no other way)
    except (AttributeError, TypeError, ValueError):
        return None
    host, _, port = address.rpartition("/")[2].rpartition(":")
    return int(port) if host in _THIS_MACHINE and port.isdigit() else None


def engine_port_of_plugin() -> int | None:
    """Return the port of the engine's server, in the plugin, whose first argument it is; None elsewhere."""
    port = sys.argv[1].rpartition(":")[2] if len(sys.argv) > 1 else ""
    return int(port) if port.isdigit() else None


def can_find_listener() -> bool:
    """Return whether this system shows which process listens on a port."""
    return _has_proc() or shutil.which("lsof") is not None


def listener(port: int) -> int | None:
    """Return the id of the process that listens on this port of this machine, or None."""
    found = _listeners(port) if _has_proc() else _listeners_by_lsof(port)
    return next((pid for pid in found if pid != os.getpid()), None)


def kill(process: int) -> None:
    """End a process at once, if it still exists."""
    with suppress(ProcessLookupError):
        # Windows has no SIGKILL. There, any signal that os.kill accepts ends the process in the same way.
        os.kill(process, getattr(signal, "SIGKILL", signal.SIGTERM))


def _has_proc() -> bool:
    return os.access("/proc/net/tcp", os.R_OK)


def surroundings(port: int | None) -> tuple[Path | None, dict[str, str]]:
    """Return the working directory and the environment of the engine that listens on this port.

    None and an empty mapping if there is no such process, and elsewhere than on Linux.
    """
    process = Path("/proc", str(listener(port) if port else None))
    try:
        pairs = (process / "environ").read_bytes().decode(errors="surrogateescape").split("\0")
        return (process / "cwd").readlink(), dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    except OSError:
        return None, {}


def command_line() -> tuple[Path | None, list[str]]:
    """Return the working directory and the arguments of the `pulumi` command that started this process.

    None and an empty list if no ancestor is such a command, and elsewhere than on Linux.
    """
    process = os.getppid()
    with suppress(OSError, ValueError, IndexError):
        while process > 1:
            folder = Path("/proc", str(process))
            arguments = (folder / "cmdline").read_bytes().decode(errors="surrogateescape").split("\0")
            # It may have been started by another name, so the name of its file counts as well.
            if "pulumi" in (Path(arguments[0]).name, (folder / "exe").readlink().name):
                return (folder / "cwd").readlink(), arguments
            # The process's name, in parentheses, may contain anything; its state and its parent follow.
            process = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    return None, []


def _listeners(port: int) -> Iterator[int]:
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for file in Path("/proc").glob("[0-9]*/fd/*"):
        # The processes of other users cannot be read, and any process may end meanwhile.
        with suppress(OSError):
            if str(file.readlink()) in sockets:
                yield int(file.parts[2])


def _listening_inodes(port: int) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        with suppress(FileNotFoundError):
            for line in Path("/proc/net", table).read_text().splitlines()[1:]:
                fields = line.split()
                local, state = fields[1], fields[3]
                if state == _LISTENING and int(local.rpartition(":")[2], 16) == port:
                    yield fields[9]


def _listeners_by_lsof(port: int) -> Iterator[int]:
    lsof = shutil.which("lsof")
    if lsof:
        command = [lsof, "-nP", f"-iTCP:{port}", "-sTCP:LISTEN", "-t"]
        with suppress(OSError, subprocess.TimeoutExpired):
            done = subprocess.run(  # noqa: S603 (the port is a number)
                command, capture_output=True, text=True, timeout=_LSOF_TIMEOUT, check=False
            )
            yield from map(int, done.stdout.split())
