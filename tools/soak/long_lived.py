"""Runs one provider for a long time, to find leaks.

A real plugin lives as long as one `pulumi` command; this process does the work of thousands. Each line on
standard input is a number of random operations, which threads share; it answers with a line of JSON, a
`Sample`. The API key and base URL come from the environment. Exits with a traceback if the provider breaks a
promise.
"""

import io
import json
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

import psutil
from pulumi.dynamic import Config, ConfigureRequest

from rootfi_pulumi.api.clock import Clock
from rootfi_pulumi.api.errors import RootFiError
from rootfi_pulumi.api.models import IntegrationType
from rootfi_pulumi.provider.boundary import ProviderError
from rootfi_pulumi.provider.inputs import Props
from rootfi_pulumi.provider.operations import RootFiIntegrationProvider
from rootfi_pulumi.state import is_unresolved

THREADS = 4
TIMEOUT = "2"
_MOST_KEPT = 30
# Their number is fixed, since a provider keeps every secret that it has seen, to redact it.
SECRETS = [f"secret/{number}+of the environment" for number in range(24)]


@dataclass(frozen=True)
class Sample:
    """The process after a number of operations. `failed` counts expected errors; `memory` is in bytes."""

    operations: int
    failed: int
    memory: int
    threads: int
    files: int


class Impatient(Clock):
    """A clock that does not wait."""

    def __init__(self) -> None:
        super().__init__()
        self._skipped = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return the time, including the skipped seconds."""
        return time.monotonic() + self._skipped

    def sleep(self, seconds: float) -> None:
        """Skip the seconds."""
        with self._lock:
            self._skipped += seconds


class CheckedOutput(io.StringIO):
    """Checks what the provider prints for secrets, and discards it."""

    def write(self, text: str) -> int:
        """Raise AssertionError for a secret."""
        check_printed(text)
        return len(text)


def check_printed(text: str) -> None:
    """Raise AssertionError for a secret in a text."""
    ensure(
        not any(secret in text for secret in [*SECRETS, os.environ["ROOTFI_API_KEY"]]),
        "the provider printed a secret",
    )


def ensure(holds: bool, otherwise: str) -> None:
    """Raise AssertionError with this message unless the condition holds."""
    if not holds:
        raise AssertionError(otherwise)


class Worker:
    """One thread's operations, on its own integrations."""

    def __init__(self, provider: RootFiIntegrationProvider, seed: str) -> None:
        self.provider = provider
        self.random = Random(seed)  # noqa: S311 (reproducible, not secret)
        self.kept: dict[str, tuple[Props, Props]] = {}
        self.failed = 0

    def work(self, operations: int) -> None:
        """Do a number of operations, some of which fail as expected."""
        for _ in range(operations):
            try:
                self._operation()()
            except (RootFiError, ProviderError) as error:
                check_printed(str(error))
                self.failed += 1

    def _operation(self) -> Any:
        if len(self.kept) > _MOST_KEPT:
            return self.delete
        if not self.kept:
            return self.create
        return self.random.choice([self.create, self.read, self.update, self.delete, self.adopt])

    def declared(self, olds: Props) -> Props:
        number = self.random.randrange(len(SECRETS))
        from_env = {"from_env": f"SECRET_{number}", "digest": ""}
        news: Props = {
            "integration_type": olds.get("integration_type")
            or self.random.choice(list(IntegrationType)).value,
            "client_id": f"client-{self.random.randrange(1000)}",
            "client_secret": self.random.choice([SECRETS[number], from_env]),
            "is_rootfi_identity": False,
            "is_disabled": self.random.random() < 1 / 4,
        }
        checked = self.provider.check(olds, news)
        ensure(not checked.failures, f"check refused {checked.failures}")
        return dict(checked.inputs)

    def create(self) -> None:
        inputs = self.declared({})
        made = self.provider.create(inputs)
        if not is_unresolved(made.id):
            self.kept[made.id] = inputs, dict(made.outs or {})

    def adopt(self) -> None:
        inputs, _ = self.kept[id_ := self.any_id()]
        made = self.provider.create({**inputs, "adopt": float(id_)})
        ensure(made.id == id_, f"adopted {made.id} for {id_}")

    def read(self) -> None:
        inputs, outs = self.kept[id_ := self.any_id()]
        found = self.provider.read(id_, outs)
        ensure(found.id == id_, f"read {found.id} for {id_}")
        self.kept[id_] = inputs, dict(found.outs or {})

    def update(self) -> None:
        inputs, outs = self.kept[id_ := self.any_id()]
        news = self.declared(inputs)
        if self.provider.diff(id_, outs, news).changes:
            self.kept[id_] = news, dict(self.provider.update(id_, outs, news).outs or {})

    def delete(self) -> None:
        _, outs = self.kept.pop(id_ := self.any_id())
        self.provider.delete(id_, outs)

    def any_id(self) -> str:
        return self.random.choice(list(self.kept))


def main(seed: str) -> None:
    """Serve standard input until it is closed."""
    os.environ.update({f"SECRET_{number}": secret for number, secret in enumerate(SECRETS)})
    provider = RootFiIntegrationProvider(Impatient())
    provider.configure(ConfigureRequest(Config({"rootfi:timeoutSeconds": TIMEOUT}, "rootfi")))
    workers = [Worker(provider, f"{seed}/{number}") for number in range(THREADS)]
    process, done = psutil.Process(), 0
    with redirect_stderr(CheckedOutput()), ThreadPoolExecutor(THREADS) as pool:
        for line in sys.stdin:
            each = int(line) // THREADS
            list(pool.map(Worker.work, workers, [each] * THREADS))
            done += each * THREADS
            sample = Sample(
                done,
                sum(worker.failed for worker in workers),
                process.memory_info().rss,
                process.num_threads(),
                process.num_fds(),
            )
            print(json.dumps(asdict(sample)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
