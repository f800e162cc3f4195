"""Finds what commands must not leave behind: processes, locks, temporary files."""

from pathlib import Path

import psutil

from tools.soak.invariants import BrokenError

# Seconds. A plugin whose engine was killed finishes its request first.
PATIENCE = 60


def processes(temporary: Path) -> list[psutil.Process]:
    """Return the processes that have inherited this TMPDIR, including orphans."""
    return [process for process in psutil.process_iter() if inherited(process, temporary)]


def inherited(process: psutil.Process, temporary: Path) -> bool:
    """Return whether a process has this TMPDIR, or one below it."""
    try:
        return Path(process.environ().get("TMPDIR", "/")).is_relative_to(temporary)
    except psutil.Error:
        return False


def locks(backend: Path) -> list[Path]:
    """Return the locks of a file backend's stacks."""
    return [path for path in (backend / ".pulumi" / "locks").rglob("*") if path.is_file()]


def cut_off(backend: Path) -> list[Path]:
    """Return truncated attribute files, which a killed command leaves and which make a state unreadable."""
    return [path for path in (backend / ".pulumi").rglob("*.attrs") if not path.stat().st_size]


def files(backend: Path, temporary: Path) -> list[Path]:
    """Return the files in TMPDIR, and incomplete files of the state."""
    return [*sorted(temporary.rglob("*")), *(backend / ".pulumi").rglob("*.tmp")]


def check_processes(temporary: Path, patience: float = PATIENCE) -> None:
    """Wait until every process with this TMPDIR has exited. Raises BrokenError if one does not."""
    _, alive = psutil.wait_procs(processes(temporary), timeout=patience)
    if alive:
        raise BrokenError(f"still running: {[process.name() for process in alive]}")


def check_files(backend: Path, temporary: Path) -> None:
    """Raise BrokenError for a lock or a temporary file."""
    if held := locks(backend):
        raise BrokenError(f"left locked: {[path.name for path in held]}")
    if left := files(backend, temporary):
        raise BrokenError(f"temporary files left: {[path.name for path in left]}")
