"""The command, run as a separate process."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from rootfi_pulumi.emulator import RateLimit, Settings
from tests.support.patience import PATIENCE
from tests.support.processes import read_line, started
from tests.support.systems import POSIX

ROOT = Path(__file__).parents[3]
COMMAND = [sys.executable, "-m", "rootfi_pulumi.emulator"]
WITHOUT_FASTAPI = "import sys, runpy; sys.modules['fastapi'] = None; "


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    buffered = {**os.environ, "PYTHONUNBUFFERED": ""}
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=buffered,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def finished(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)


def test_it_prints_address_and_random_key_at_once() -> None:
    with running() as process:
        url = read_line(process).strip().removeprefix("RootFi emulator: ")
        key = read_line(process).strip().removeprefix("api key: ")
        answer = requests.get(f"{url}/integrations/1", headers={"api_key": key}, timeout=PATIENCE)
    assert answer.status_code == 404


@POSIX
def test_its_last_lines_are_for_a_shell_to_take() -> None:
    with running("--organisation", "a$key") as process:
        url = read_line(process).strip().removeprefix("RootFi emulator: ")
        read_line(process)
        pasted = read_line(process) + read_line(process)
    shown = finished("sh", "-c", f'{pasted}echo "$ROOTFI_BASE_URL $ROOTFI_API_KEY"').stdout
    assert shown == f"{url} a$key\n"


def test_the_address_of_its_page_is_one_line_on_stderr() -> None:
    with running() as process:
        url = read_line(process).strip().removeprefix("RootFi emulator: ")
        told = read_line(process, errors=True)
        page = requests.get(told.split()[-1], headers={"Accept": "text/html"}, timeout=PATIENCE)
    assert (told, page.status_code) == (f"Open in a browser: {url}/\n", 200)


def test_json_is_one_line_with_url_keys_and_pid() -> None:
    with running("--json", "--organisation", "one", "--organisation", "other") as process:
        printed = json.loads(read_line(process))
    assert (printed.pop("url")[:17], printed) == (
        "http://127.0.0.1:",
        {"api_keys": ["one", "other"], "integrations": {}, "pid": process.pid},
    )


def test_organisation_has_the_name_it_was_given() -> None:
    with running("--organisation", "dev=a=b=", "--organisation", "plain") as process:
        lines = [read_line(process) for _ in range(3)]
        url = lines[0].strip().removeprefix("RootFi emulator: ")
        listed = requests.get(f"{url}/_emulator/organisations", timeout=PATIENCE).json()
        answer = requests.get(f"{url}/integrations/1", headers={"api_key": "a=b="}, timeout=PATIENCE)
    assert lines[1:] == ["api key of dev: a=b=\n", "api key: plain\n"]
    assert ([each["name"] for each in listed], answer.status_code) == (["dev", "org 124"], 404)


def test_random_key_is_the_one_that_the_page_shows() -> None:
    with running("--json") as process:
        printed = json.loads(read_line(process))
        organisations = f"{printed['url']}/_emulator/organisations"
        listed = requests.get(organisations, timeout=PATIENCE).json()
    assert [each["made_up_key"] for each in listed] == printed["api_keys"]


def test_key_with_an_equals_sign_is_not_repeated_in_an_error() -> None:
    result = finished(*COMMAND, "--organisation", "hushed==")
    assert (result.returncode, "hushed" in result.stderr, "needs a name" in result.stderr) == (2, False, True)


def test_the_settings_are_taken() -> None:
    options = ["--secrets", "null", "--second-post", "conflict", "--rate-limit", "7"]
    with running("--json", *options) as process:
        url = json.loads(read_line(process))["url"]
        settings = requests.patch(f"{url}/_emulator/settings", json={}, timeout=PATIENCE).json()
    limit = RateLimit(requests=7)
    assert settings == Settings(secrets="null", second_post="conflict", rate_limit=limit).model_dump()


def test_settings_file_is_read_and_options_override_it(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"bad_key": 403, "secrets": "masked"}')
    with running("--json", "--settings", str(file), "--secrets", "null") as process:
        url = json.loads(read_line(process))["url"]
        settings = requests.patch(f"{url}/_emulator/settings", json={}, timeout=PATIENCE).json()
    assert settings == Settings(secrets="null", bad_key=403).model_dump()


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_even_with_a_held_request(number: int) -> None:
    with running("--json") as process:
        url = json.loads(read_line(process))["url"]
        requests.post(f"{url}/_emulator/faults", json={"hold": True}, timeout=PATIENCE)
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as client:
            client.sendall(b"GET /integrations/1 HTTP/1.1\r\nHost: x\r\n\r\n")
            while not requests.get(f"{url}/_emulator/requests", timeout=PATIENCE).json():
                pass
            process.send_signal(number)
            rest = process.communicate(timeout=PATIENCE)
    assert (process.returncode, rest) == (0, ("", ""))


def test_a_port_in_use_is_one_line_and_exit_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = finished(*COMMAND, "--port", str(port))
    assert (result.returncode, result.stdout, result.stderr) == (
        1,
        "",
        f"python -m rootfi_pulumi.emulator: cannot serve on 127.0.0.1:{port}: address already in use: choose another --port\n",
    )


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--port", "65536"], "a port is a number from 0 to 65535"),
        (["--port", "http"], "a port is a number from 0 to 65535"),
        (["--organisation", "k", "--organisation", "k"], "already"),
        (["--organisation", "two words"], "printable ASCII"),
        (["--organisation", "dev="], "no key after NAME="),
        (["--organisation", "=key"], "the name of an organisation is 1 to 40 characters"),
        (["--organisation", "a\x1bb=key"], "has the character U+001B: remove it"),
        (["--organisation", "a\nb=key"], "has the character U+000A: remove it"),
        (["--organisation", "dev=a", "--organisation", "dev=b"], "already has this name"),
        (["--secrets", "no"], "--secrets"),
        (["--settings", "/none"], "--settings: /none: No such file or directory"),
        (["--rate-limit", "0"], "a number of requests is 1 or more"),
        (["--rate-limit", "many"], "a number of requests is 1 or more"),
    ],
)
def test_a_wrong_argument_is_exit_2_and_says_which(arguments: list[str], complaint: str) -> None:
    result = finished(*COMMAND, *arguments)
    assert (result.returncode, complaint in result.stderr, "Traceback" in result.stderr) == (2, True, False)


def test_without_the_extra_the_command_says_what_to_install() -> None:
    script = (
        f"{WITHOUT_FASTAPI}sys.argv = ['x']; runpy.run_module('rootfi_pulumi.emulator', run_name='__main__')"
    )
    result = finished(sys.executable, "-c", script)
    assert (result.returncode, result.stderr) == (
        1,
        "the emulator: fastapi is not installed: run\npython -m pip install 'rootfi-pulumi[emulator]'\n",
    )


def test_without_the_extra_the_import_says_what_to_install() -> None:
    result = finished(sys.executable, "-c", f"{WITHOUT_FASTAPI}from rootfi_pulumi.emulator import Emulator")
    assert result.stderr.splitlines()[-2:] == [
        "ModuleNotFoundError: the emulator: fastapi is not installed: run",
        "python -m pip install 'rootfi-pulumi[emulator]'",
    ]


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_where_signals_cannot_be_waited_for(number: int) -> None:
    lacking = "import signal, runpy; del signal.sigwait, signal.pthread_sigmask; "
    command = f"{lacking}runpy.run_module('rootfi_pulumi.emulator', run_name='__main__')"
    with started([sys.executable, "-c", command, "--json"], cwd=ROOT) as process:
        url = json.loads(read_line(process))["url"]
        assert requests.get(f"{url}/_emulator/requests", timeout=PATIENCE).json() == []
        process.send_signal(number)
        rest = process.communicate(timeout=PATIENCE)
    assert (process.returncode, rest) == (0, ("", ""))
