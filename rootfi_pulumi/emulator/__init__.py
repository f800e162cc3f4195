"""RootFi's three integrations endpoints on this machine, with faults on demand.

```python
with Emulator() as emulator:
    key = emulator.add_organisation()
    emulator.inject(Fault(operation="create", status=503, headers={"Retry-After": "1"}))
    ...  # point a client at emulator.url
    assert emulator.calls == ["POST /integrations", "POST /integrations"]
```

Needs the extra `rootfi-pulumi[emulator]`; without it the first use raises `ModuleNotFoundError` with the
command that installs it. `python -m rootfi_pulumi.emulator --help` is the same as a command. What is
documented, chosen or not played at all stands in README.md beside this file.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rootfi_pulumi.emulator.emulator import Emulator
    from rootfi_pulumi.emulator.faults import Fault
    from rootfi_pulumi.emulator.rate_limit import RateLimit
    from rootfi_pulumi.emulator.recording import RecordedRequest
    from rootfi_pulumi.emulator.settings import MethodAnswers, Settings
    from rootfi_pulumi.emulator.state import Snapshot, StoredIntegration

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
    # Loaded on first use: only so can the command say without a traceback that the extra is missing.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module("rootfi_pulumi.emulator.emulator"), name)
    except ModuleNotFoundError as error:
        if error.name not in {"fastapi", "uvicorn"}:
            raise
        raise ModuleNotFoundError(
            f"the emulator needs {error.name}: python -m pip install 'rootfi-pulumi[emulator]'",
            name=error.name,
        ) from None
