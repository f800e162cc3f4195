"""The SDK is not as `rootfi_pulumi.sdk_internals` expects it, and the product goes on, if more slowly."""

import pytest

from rootfi_pulumi.emulator import Emulator, Fault
from rootfi_pulumi.state import name_of
from tests.support.changed_sdk import PLUGIN, PROGRAM, change_sdk
from tests.support.pulumi_project import QUICKBOOKS, XERO, Project
from tests.support.runs.kills import journal, kill_plugin

# A thread of a pool does not know its pool (thread_pool).
THREADS = """
import functools, threading
init = threading.Thread.__init__
def without_arguments(self, group=None, target=None, name=None, args=(), kwargs=None, **options):
    init(self, group, functools.partial(target, *args, **(kwargs or {})) if target else None, name, **options)
threading.Thread.__init__ = without_arguments
"""
# `python -m pulumi.dynamic` names its variables in another way (sdk_call).
VARIABLES = """
rewrite("pulumi/dynamic/__main__.py", request="message", context="call")
import grpc._server
grpc._server._Context.add_callback = property()
"""
# The plugin is started by another name (plugin_process).
MODULE = """
import dill
def loads(text, original=dill.loads):
    sys.modules["__main__"].__spec__ = None
    return original(text)
dill.loads = loads
"""
# The plugin is served by other sockets (engine_connection).
SOCKETS = """
import socket
socket.socket.family = property(lambda self: socket.AF_UNIX)
"""
# The engine does not read what the plugin prints after its port (engine_pipe).
UNREAD = """
import io, os
output = os.dup(1)
reading, writing = os.pipe()
os.dup2(writing, 1)
os.close(writing)
os.close(reading)
sys.stdout = io.TextIOWrapper(os.fdopen(output, "wb", 0), write_through=True)
"""
# Nothing reads it at all.
NO_PIPE = UNREAD.replace(
    "reading, writing = os.pipe()",
    "reading, writing = os.pipe(); os.close(writing)\nwriting = os.open(os.devnull, os.O_WRONLY)",
)
# The provider is unpickled by Python's own unpickler (dynamic_resource).
UNPICKLER = """
import dill, pickle
dill.loads = pickle.loads
"""
# The SDK's constructor of a dynamic resource has changed (dynamic_resource).
CONSTRUCTOR = """
import pulumi.dynamic
del pulumi.dynamic.Resource.__init__
"""
# Registrations are kept in another kind of list (await_registrations).
REGISTRATIONS = """
from collections import deque
from pulumi.runtime.rpc_manager import RPCManager
init = RPCManager.__init__
def with_deque(self):
    init(self)
    self.rpcs = deque()
RPCManager.__init__ = with_deque
"""
# The clients have other names (monitor, and with it plugin_start and state_writer; engine_process).
MONITOR = """
modules = ("settings.py", "resource.py", "stack.py", "invoke.py")
rewrite(tuple(f"pulumi/runtime/{each}" for each in modules), get_monitor="resource_monitor")
"""
ENGINE = """
rewrite(("pulumi/runtime/settings.py", "pulumi/log.py"), get_engine="engine_client")
"""
CHANGES = {
    "threads": (PLUGIN, THREADS),
    "variables": (PLUGIN, VARIABLES),
    "module": (PLUGIN, MODULE),
    "sockets": (PLUGIN, SOCKETS),
    "unread": (PLUGIN, UNREAD),
    "no pipe": (PLUGIN, NO_PIPE),
    "unpickler": (PLUGIN, UNPICKLER),
    "constructor": (PROGRAM, CONSTRUCTOR),
    "registrations": (PROGRAM, REGISTRATIONS),
    "monitor": (PROGRAM, MONITOR),
    "engine": (PROGRAM, ENGINE),
}
TOGETHER = ("threads", "variables", "sockets", "no pipe", "registrations", "monitor", "engine")
MANY = {f"xero-{number}": XERO | {"client_id": f"app-{number}"} for number in range(6)}


@pytest.mark.parametrize(
    "names", [TOGETHER, *(pytest.param((name,), id=name, marks=pytest.mark.case) for name in CHANGES)]
)
def test_changed_sdk_deploys_once(names: tuple[str, ...], project: Project, emulator: Emulator) -> None:
    change_sdk(project, *(CHANGES[name] for name in names))
    project.declare({"xero": XERO, "quickbooks": QUICKBOOKS})
    project.up()
    project.up("--expect-no-changes")
    project.preview("--refresh", "--expect-no-changes")
    assert sorted(emulator.calls) == [
        "GET /integrations/1234",
        "GET /integrations/1235",
        "POST /integrations",
        "POST /integrations",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "monitor",
        *(
            pytest.param(each, marks=pytest.mark.case)
            for each in ("variables", "module", "sockets", "engine")
        ),
    ],
)
def test_changed_sdk_repeats_no_killed_create(
    name: str, project: Project, emulator: Emulator, api_key: str
) -> None:
    change_sdk(project, CHANGES[name])
    project.declare({"xero": XERO})
    kill_plugin(project, emulator)
    project.pulumi("cancel", "--yes")
    assert "xero: not created: an earlier run was interrupted" in project.up(code=None).output
    assert len(emulator.integrations(api_key)) == 1


def test_changed_key_of_the_provider_creates_nothing(project: Project, emulator: Emulator) -> None:
    change_sdk(project, (PLUGIN, 'rewrite("pulumi/dynamic/__main__.py", __provider="__dynamic")'))
    project.declare({"xero": XERO})
    assert "KeyError" in project.up(code=None).output
    assert emulator.calls == []


@pytest.mark.case
def test_shown_traceback_holds_no_secret(project: Project, emulator: Emulator) -> None:
    change_sdk(
        project,
        (
            PLUGIN,
            "import functools, traceback\ntraceback.format_exc = functools.partial(traceback.format_exc, 100)",
        ),
    )
    emulator.inject(Fault(operation="create", status=400, echo=True))
    project.declare({"xero": XERO})
    assert "Traceback" in project.up(code=None).output
    # The program no longer sees that RootFi created nothing, so it is on the safe side.
    assert [name_of(urn) for urn in journal(project)] == ["xero"]
