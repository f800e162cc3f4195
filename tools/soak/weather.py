"""Injects faults into the emulated RootFi."""

from random import Random
from typing import Any

from rootfi_pulumi.emulator import Emulator, Fault, RateLimit

# Without RootFi's own 404, after which a refresh rightly drops the integration from the state.
_FAULTS: list[dict[str, Any]] = [
    {"hang_up": "before"},
    {"hang_up": "after"},
    *({"status": status} for status in (400, 401, 409, 429, 500, 502, 503, 504)),
    {"status": 429, "headers": {"Retry-After": "1"}},
    {"status": 404, "shape": "html"},
    {"status": 500, "processed": True, "echo": True},
    {"status": 400, "echo": True, "shape": "text"},
    {"body": "garbage"},
    {"body": "garbage", "processed": True},
    {"body": '{"data": {}}', "processed": True},
    {"body": "x" * 2_000_000},
    {"delay": 0.5},
    {"delay_after": 3},
    {"trickle": 0.01},
]
_LASTING = 1 / 3


def fault(random: Random, **where: Any) -> Fault:
    """Return a fault for a request of a random operation, or of the one in `where`."""
    operation = random.choice(["create", "read", "update", None])
    return Fault(**{"operation": operation, **random.choice(_FAULTS), **where})


def worsen(random: Random, emulator: Emulator, integration_type: str) -> str:
    """Inject a fault into an integration's requests, or into all; return a description."""
    if random.random() < 1 / 6:
        emulator.rate_limit = RateLimit(requests=3, seconds=1, retry_after="seconds")
        return "rate limit"
    if random.random() < 1 / 6:
        emulator.secrets = random.choice(["masked", "null", "omitted"])
        return f"secrets {emulator.secrets}"
    return inject(random, emulator, integration_type=integration_type)


def inject(random: Random, emulator: Emulator, **where: Any) -> str:
    """Inject a fault for the requests that `where` selects; return a description."""
    times = None if random.random() < _LASTING else 1
    injected = fault(random, times=times, **where)
    emulator.inject(injected)
    return f"fault {injected.model_dump(exclude_defaults=True, exclude={'body'})}"


def clear(emulator: Emulator) -> None:
    """Remove all faults."""
    emulator.clear_faults()
    emulator.secrets = "plain"
    emulator.rate_limit = None
