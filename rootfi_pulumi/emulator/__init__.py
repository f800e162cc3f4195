"""RootFi's three integrations endpoints on this machine, with faults on demand: for tests and demos.

Everything that plays RootFi's server belongs here. The client is in `api`, and nothing here knows Pulumi.

```python
with Emulator() as emulator:
    key = emulator.add_organisation()
    emulator.inject(Fault(operation="create", status=503, headers={"Retry-After": "1"}))
    ...  # point a client at emulator.url
    assert emulator.calls == ["POST /integrations", "POST /integrations"]
```

Requires the extra `rootfi-pulumi[emulator]`; without it the first use raises `ModuleNotFoundError` with the
command that installs it. `python -m rootfi_pulumi.emulator --help` describes the command line. README.md in
this folder lists what is an assumption and what is not emulated.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rootfi_pulumi.emulator.emulator import Emulator
    from rootfi_pulumi.emulator.faults import Fault
    from rootfi_pulumi.emulator.rate_limit import RateLimit
    from rootfi_pulumi.emulator.recording import RecordedRequest
    from rootfi_pulumi.emulator.settings import MethodAnswers, Settings
    from rootfi_pulumi.emulator.stored import Snapshot, StoredIntegration

__all__ = [
    "Emulator",
    "Fault",
    "MethodAnswers",
    "RateLimit",
    "RecordedRequest",
    "Settings",
    "Snapshot",
    "StoredIntegration",
]


def __getattr__(name: str) -> Any:
    # Load on first use, so that the command can report a missing extra without a traceback.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module("rootfi_pulumi.emulator.emulator"), name)
    except ModuleNotFoundError as error:
        if error.name not in {"fastapi", "uvicorn"}:
            raise
        how = "python -m pip install 'rootfi-pulumi[emulator]'"
        raise ModuleNotFoundError(
            f"the emulator: {error.name} is not installed: run\n{how}", name=error.name
        ) from None
