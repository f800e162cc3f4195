"""Measures growth: samples over time or operations, and the line through them."""

import statistics
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil

from tools.soak.leftovers import inherited

MIB = 1024 * 1024
_WARM_UP = 1 / 5
_BETWEEN_LOOKS = 0.25


@dataclass
class Series:
    """Samples as pairs: the time or number of operations, and the value."""

    samples: list[tuple[float, float]] = field(default_factory=list)

    def add(self, at: float, value: float) -> None:
        """Append a sample; `at` never decreases."""
        self.samples.append((at, value))

    @property
    def warm(self) -> list[tuple[float, float]]:
        """The samples after the first fifth of the range."""
        if not self.samples:
            return []
        first, last = self.samples[0][0], self.samples[-1][0]
        return [sample for sample in self.samples if sample[0] >= first + (last - first) * _WARM_UP]

    @property
    def slope(self) -> float:
        """The growth of the warm samples per unit, by linear regression."""
        along = [at for at, _ in self.warm]
        if len(set(along)) < 2:  # noqa: PLR2004 (a line needs two points)
            return 0.0
        return statistics.linear_regression(along, [value for _, value in self.warm]).slope

    @property
    def growth(self) -> float:
        """The growth of the warm samples over their range, by linear regression."""
        return self.slope * (self.warm[-1][0] - self.warm[0][0]) if self.warm else 0.0

    def span(self, form: str = ".1f") -> str:
        """Return the minimum and maximum of the warm samples, such as "61.9 to 62.4"."""
        values = [value for _, value in self.warm]
        return f"{min(values):{form}} to {max(values):{form}}" if values else "none"


class PluginWatch:
    """Records, on a thread, the peak memory of each plugin process whose TMPDIR is in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="plugin-watch")
        self._known: dict[psutil.Process, bool] = {}
        self._peaks: dict[psutil.Process, tuple[float, float]] = {}

    def __enter__(self) -> Self:
        """Start the thread."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the thread."""
        self._ended.set()
        self._thread.join()

    @property
    def peaks(self) -> Series:
        """Each process's peak in MiB, over the hours since the first one was seen."""
        found = sorted(self._peaks.values())
        return Series([((seen - found[0][0]) / 3600, peak) for seen, peak in found])

    def _watch(self) -> None:
        while not self._ended.wait(_BETWEEN_LOOKS):
            present = list(psutil.process_iter())
            self._known = {
                process: self._known.get(process) or self._is_plugin(process) for process in present
            }
            for process in present:
                if self._known[process]:
                    seen, peak = self._peaks.get(process, (time.monotonic(), 0.0))
                    self._peaks[process] = seen, max(peak, _peak(process.pid))

    def _is_plugin(self, process: psutil.Process) -> bool:
        try:
            return "pulumi.dynamic" in process.cmdline() and inherited(process, self._folder)
        except psutil.Error:
            return False


def _peak(pid: int) -> float:
    """Return a process's peak memory so far in MiB; 0 if it has exited."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    _, _, line = status.partition("VmHWM:")
    return int(line.split()[0]) * 1024 / MIB if line else 0.0
