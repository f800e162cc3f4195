"""Writes a component's outputs into the state while every worker of the engine may be waiting for a hook.

The SDK registers the outputs of a component on a thread of its own pool. Here the same request is sent on a
thread that no hook can block. The engine takes the outputs of a component once in a run.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pulumi
from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2

from rootfi_pulumi.sdk_internals.monitor import running_monitor

T = TypeVar("T")

# The SDK's pool has as many threads as the engine has workers, and each waits for a resource that may be
# waiting for one of our hooks.
_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="rootfi-guard")


class NotWrittenError(Exception):
    """The outputs could not be sent to the engine, or it refused them; `str()` is the kind of failure."""


async def in_thread(call: Callable[..., T], *args: object) -> T:
    """Await a call that blocks."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, call, *args)


async def write_outputs(component: pulumi.ComponentResource, outputs: Mapping[str, Any]) -> None:
    """Send these outputs of a component, plain JSON, to the engine. Raises NotWrittenError."""
    urn = await component.urn.future() or ""
    try:
        struct = struct_pb2.Struct()
        struct.update(dict(outputs))
        request = resource_pb2.RegisterResourceOutputsRequest(urn=urn, outputs=struct)
        await in_thread(running_monitor().RegisterResourceOutputs, request)
    except Exception as error:  # noqa: BLE001 (however it fails, the caller has to act)
        raise NotWrittenError(type(error).__name__) from None
