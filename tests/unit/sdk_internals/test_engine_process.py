import shutil
from pathlib import Path

import pytest

from rootfi_pulumi.sdk_internals import engine_process
from rootfi_pulumi.sdk_internals.engine_process import listener, surroundings
from tests.support.listening import listening


def test_who_listens_on_a_port_is_found() -> None:
    with listening() as (engine, port):
        assert listener(port) == engine.pid


def test_a_port_where_no_process_listens_finds_none() -> None:
    with listening() as (engine, port):
        engine.kill()
        engine.wait()
        assert listener(port) is None


@pytest.mark.skipif(not shutil.which("lsof"), reason="lsof is not installed")
def test_where_the_kernel_does_not_say_lsof_does() -> None:
    with listening() as (engine, port):
        assert list(engine_process._listeners_by_lsof(port)) == [engine.pid]  # noqa: SLF001 (where /proc is, nothing asks it)


def test_the_surroundings_of_an_engine_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_THE_ENGINE", "a=b")
    with listening() as (_, port):
        monkeypatch.delenv("OF_THE_ENGINE")
        folder, environ = surroundings(port)
    assert (folder, environ["OF_THE_ENGINE"]) == (Path.cwd(), "a=b")


def test_of_no_engine_nothing_is_known() -> None:
    assert surroundings(None) == (None, {})
