"""A stand-in for Pulumi Cloud on this machine: `pulumi` logs in to it as it does to https://api.pulumi.com.

docs/backends.md says what of the real service it does not show.
"""

import gzip
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from tests.support.pulumi_cloud.api import Request, Service
from tests.support.pulumi_cloud.stacks import Refused, Stack, Stacks


@dataclass
class PulumiCloud:
    """One that runs. `environ` is what `pulumi` needs to reach it; `secrets` of that may occur in no output."""

    url: str
    service: Service

    @property
    def environ(self) -> dict[str, str]:
        return {"PULUMI_BACKEND_URL": self.url, "PULUMI_ACCESS_TOKEN": self.service.token}

    @property
    def secrets(self) -> list[str]:
        return [self.service.token]

    @property
    def stacks(self) -> list[Stack]:
        return [*self.service.stacks.by_path.values()]

    def stored(self) -> dict[str, bytes]:
        """Return all that it keeps of each stack but the stack's key: its state, and what its updates sent."""
        with self.service.lock:
            return {
                f"{stack.org}/{stack.project}/{stack.name}": json.dumps(
                    [stack.state, stack.tags, *map(vars, stack.updates.values())]
                ).encode()
                for stack in self.stacks
            }

    def expire_leases(self) -> None:
        """Go on as if every lease had run out."""
        with self.service.lock:
            for stack in self.stacks:
                for update in stack.updates.values():
                    update.lease_until = 0


@contextmanager
def running(*, clock: float = 0, **ways: Any) -> Iterator[PulumiCloud]:
    """Start one without stacks on a free port.

    `clock` is how far the service's clock is ahead of this machine's, in seconds. The other `ways`, with their
    defaults: `journals=True` lets updates send a journal, and not whole checkpoints as before 2026;
    `exports_running=True` exports what an update that goes on has sent so far, not the state before it;
    `export_seconds=0` is how long an export takes.
    """
    service = Service(Stacks(clock=clock), **ways)

    class Handler(_Handler):
        answers = service

    with _Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield PulumiCloud(f"http://127.0.0.1:{server.server_port}", service)
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that has gone: a `pulumi` that a test killed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    answers: ClassVar[Service]
    protocol_version = "HTTP/1.1"
    # One packet for head and body: two would wait for the client's acknowledgement.
    wbufsize = -1

    def _answer(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        request = Request(self.command, url.path, query, self._body(), self.headers["Authorization"] or "")
        try:
            answered = self.answers.answer(request)
            status = 200 if answered is not None else 204
        except Refused as refused:
            status, answered = refused.status, {"code": refused.status, "message": str(refused)}
        self._send(status, answered)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 (names of the base class)

    def _body(self) -> object:
        sent = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.headers["Content-Encoding"] == "gzip":
            sent = gzip.decompress(sent)
        return json.loads(sent) if sent else None

    def _send(self, status: int, answered: object) -> None:
        content = b"" if answered is None else json.dumps(answered).encode()
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
