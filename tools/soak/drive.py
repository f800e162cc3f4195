"""Drives the long-lived provider, injects faults, and collects its samples."""

import json
import os
import subprocess
import sys
import threading
from random import Random

from rootfi_pulumi.emulator import Emulator
from tools.soak import REPOSITORY, weather
from tools.soak.invariants import BrokenError
from tools.soak.long_lived import Sample

# Operations in a batch, and seconds of rest after it: the stacks need the processor too.
_BATCH = 100
_REST = 4.0
_FAULTY = 1 / 8


def drive(seed: int, stop: threading.Event, samples: list[Sample]) -> None:
    """Append a sample for each batch until `stop`. Raises BrokenError if the process ends before."""
    random = Random(f"{seed}/long-lived")  # noqa: S311 (reproducible, not secret)
    with Emulator() as emulator:
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ROOTFI_")},
            "ROOTFI_API_KEY": emulator.add_organisation(),
            "ROOTFI_BASE_URL": emulator.url,
        }
        command = [sys.executable, "-m", "tools.soak.long_lived", str(seed)]
        pipe = subprocess.PIPE
        with subprocess.Popen(
            command, cwd=REPOSITORY, env=environ, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        ) as process:
            assert process.stdin  # noqa: S101 (asked for above)
            assert process.stdout  # noqa: S101
            assert process.stderr  # noqa: S101
            while not stop.is_set():
                change_weather(random, emulator)
                process.stdin.write(f"{_BATCH}\n")
                process.stdin.flush()
                line = process.stdout.readline()
                if not line:
                    raise BrokenError(f"the long-lived provider exited: {process.stderr.read()}")
                samples.append(Sample(**json.loads(line)))
                stop.wait(_REST)
            process.stdin.close()


def change_weather(random: Random, emulator: Emulator) -> None:
    """Clear the faults and inject new ones into an eighth of the next operations."""
    weather.clear(emulator)
    emulator.secrets = random.choice(["plain", "masked", "null", "omitted"])
    for _ in range(int(_BATCH * _FAULTY)):
        emulator.inject(weather.fault(random, skip=random.randrange(_BATCH)))
    emulator.forget_requests()
