"""Measures what this package costs the program and the plugin: load time, modules and memory."""

import json
import subprocess
import sys
from dataclasses import dataclass
from statistics import median

from bench.subjects import PROGRAMS, REPOSITORY, Subject

# The modules that `python -m pulumi.dynamic` loads before any provider.
_SDK = "import pulumi, pulumi.dynamic, dill, grpc"
_PROGRAM = f"{_SDK}, pulumi.automation"
_CONFIGURE = """
from pulumi.dynamic import Config, ConfigureRequest
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
config = Config({"rootfi:apiKey": "key", "rootfi:baseUrl": "https://localhost"}, "bench")
RootFiIntegrationProvider().configure(ConfigureRequest(config))
"""
_TIMED = """
import json, sys, time
{before}
wall, cpu = time.perf_counter(), time.process_time()
{code}
print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu, list(sys.modules)]))
"""


@dataclass(frozen=True)
class Load:
    """The median seconds of some code in a fresh interpreter, and which of WATCHED it loads."""

    wall: float
    cpu: float
    modules: list[str]


LOADS = {
    "program": (_PROGRAM, "from rootfi_pulumi import RootFiIntegration"),
    # Includes the model, which is loaded when a declaration is read.
    "declared": (_PROGRAM, "from rootfi_pulumi import Environment; import rootfi_pulumi.declaration.model"),
    "plugin": (_SDK, _CONFIGURE),
}
WATCHED = ("requests", "pydantic", "rootfi_pulumi.declaration.model", "tenacity", "yaml")


def load(name: str, rounds: int) -> Load:
    """Measure an entry of `LOADS` in fresh interpreters."""
    before, code = LOADS[name]
    script = _TIMED.format(before=before, code=code)
    results = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", script], cwd=REPOSITORY, check=True, stdout=subprocess.PIPE
            ).stdout
        )
        # The first round, with a cold file cache, is dropped.
        for _ in range(rounds + 1)
    ][1:]
    modules = set(results[0][2])
    return Load(
        median(each[0] for each in results),
        median(each[1] for each in results),
        [module for module in WATCHED if module in modules],
    )


def peak_memory(subject: Subject, rounds: int) -> float:
    """Return the median of a plugin's peak memory in MiB during an `up` that creates everything."""
    peaks = []
    for _ in range(rounds):
        subject.begin("empty")
        peaks.append(subject.peak_memory("up"))
    return median(peaks)


def python_path() -> str:
    """Return the PYTHONPATH of the measured programs."""
    return f"{REPOSITORY}:{PROGRAMS}"
