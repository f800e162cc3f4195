import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from rootfi_pulumi.provider import create_watch
from rootfi_pulumi.provider.create_watch import NOTE, NOTED
from rootfi_pulumi.provider.program_client import address
from tests.support.listening import listening
from tests.support.patience import PATIENCE
from tests.support.systems import LINUX

WATCH = "import sys; from rootfi_pulumi.provider.create_watch import watch; watch(int(sys.argv[1]))"


@pytest.fixture
def engine() -> Iterator[tuple[subprocess.Popen[str], int]]:
    with listening() as found:
        yield found


def watch(port: int, told: bytes) -> None:
    """Let the watch of a plugin read this until the plugin's end, and end itself."""
    command = [sys.executable, "-c", WATCH, str(port)]
    subprocess.run(command, input=told, check=True, timeout=PATIENCE, stderr=subprocess.PIPE)


@LINUX
def test_an_engine_is_ended_where_no_program_notes_a_create(
    engine: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = engine
    watch(port, b"++-")
    assert process.wait(PATIENCE) == -9


def test_an_engine_lives_on_where_each_create_had_its_answer(
    engine: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = engine
    watch(port, b"++--")
    assert process.poll() is None


@LINUX
@pytest.mark.parametrize(("answer", "code"), [(NOTED, None), (b"ended", -9)])
def test_what_the_program_answers_decides_on_the_engine(
    answer: bytes, code: int | None, engine: tuple[subprocess.Popen[str], int]
) -> None:
    process, port = engine
    with socket.socket(socket.AF_UNIX) as program:
        program.bind(address(port))
        program.listen()
        command = [sys.executable, "-c", WATCH, str(port)]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as watching:
            assert watching.stdin
            watching.stdin.write(b"+")
            watching.stdin.close()
            asked, _ = program.accept()
            with asked:
                assert asked.recv(16) == NOTE + b"\n"
                asked.sendall(answer)
            watching.wait(PATIENCE)
    assert (process.wait(PATIENCE) if code else process.poll()) == code


def test_watch_is_not_started_where_no_program_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    monkeypatch.setattr(create_watch, "_start", started.append)
    monkeypatch.setattr(sys, "argv", ["plugin", "127.0.0.1:1"])
    monkeypatch.setattr(sys, "platform", "darwin")
    with create_watch.CreateWatch().create():
        pass
    assert started == []
