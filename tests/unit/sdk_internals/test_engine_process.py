import os
import shutil
import signal
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from pulumi.runtime import settings
from pulumi.runtime.proto import engine_pb2_grpc

from rootfi_pulumi.sdk_internals import engine_process
from rootfi_pulumi.sdk_internals.engine_process import (
    can_find_listener,
    engine_port,
    engine_port_of_plugin,
    kill,
    listener,
    surroundings,
)
from tests.support.listening import listening
from tests.support.patience import PATIENCE
from tests.support.systems import LINUX, POSIX


@LINUX
def test_listener_on_a_port_is_found() -> None:
    with listening() as (engine, port):
        assert listener(port) == engine.pid


def test_listener_on_an_unused_port_is_none() -> None:
    with listening() as (engine, port):
        engine.kill()
        engine.wait()
        assert listener(port) is None


@pytest.mark.skipif(not shutil.which("lsof"), reason="lsof is not installed")
def test_listener_is_found_by_lsof() -> None:
    with listening() as (engine, port):
        assert list(engine_process._listeners_by_lsof(port)) == [engine.pid]  # noqa: SLF001 (where /proc is, nothing asks it)


@LINUX
def test_surroundings_are_those_of_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_THE_ENGINE", "a=b")
    with listening() as (_, port):
        monkeypatch.delenv("OF_THE_ENGINE")
        folder, environ = surroundings(port)
    assert (folder, environ["OF_THE_ENGINE"]) == (Path.cwd(), "a=b")


def test_surroundings_of_no_engine_are_empty() -> None:
    assert surroundings(None) == (None, {})


def test_engine_port_is_that_of_the_sdks_client(monkeypatch: pytest.MonkeyPatch) -> None:
    with grpc.insecure_channel("127.0.0.1:43210") as channel:
        stub = engine_pb2_grpc.EngineStub(channel)
        monkeypatch.setattr(settings, "get_engine", lambda: stub)
        assert engine_port() == 43210


def client(target: Any) -> Any:
    return SimpleNamespace(Log=SimpleNamespace(_channel=SimpleNamespace(target=target)))


@pytest.mark.parametrize(
    "engine",
    [
        None,
        SimpleNamespace(),
        SimpleNamespace(Log=None),
        SimpleNamespace(Log=SimpleNamespace(_channel=None)),
        client("127.0.0.1:43210"),
        client(lambda: "127.0.0.1:43210"),
        client(lambda: b"\xff"),
        client(lambda: b"unix:/engine"),
        client(lambda: b"dns:///elsewhere.example:43210"),
    ],
)
def test_engine_port_of_another_client_is_none(engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "get_engine", lambda: engine)
    assert engine_port() is None


def test_engine_port_without_the_sdks_function_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(settings, "get_engine")
    assert engine_port() is None


@pytest.mark.parametrize(
    ("arguments", "port"),
    [(["127.0.0.1:43210"], 43210), (["dns:///127.0.0.1:43210"], 43210), ([], None), (["unix:/engine"], None)],
)
def test_engine_port_of_the_plugin_is_its_argument(
    arguments: list[str], port: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["plugin", *arguments])
    assert engine_port_of_plugin() == port


@pytest.fixture
def no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system on which nothing in /proc can be read."""
    access = os.access
    monkeypatch.setattr(
        os, "access", lambda path, mode: not str(path).startswith("/proc/") and access(path, mode)
    )


@pytest.mark.usefixtures("no_proc")
def test_listener_is_found_by_lsof_alone_without_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_process, "_listeners_by_lsof", lambda port: iter([port + 1]))
    assert listener(1) == 2


@pytest.mark.usefixtures("no_proc")
def test_listener_without_proc_and_lsof_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert (can_find_listener(), listener(1)) == (False, None)


@POSIX
def test_kill_ends_a_process_at_once() -> None:
    with listening() as (engine, _):
        kill(engine.pid)
        assert engine.wait(PATIENCE) == -signal.SIGKILL


@POSIX
def test_kill_without_sigkill_ends_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as (engine, _):
        with monkeypatch.context() as without:
            without.delattr(signal, "SIGKILL")
            kill(engine.pid)
        assert engine.wait(PATIENCE) == -signal.SIGTERM


def test_kill_of_an_ended_process_does_nothing() -> None:
    with listening() as (engine, _):
        engine.kill()
        engine.wait()
        kill(engine.pid)
