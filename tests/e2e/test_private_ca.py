"""RootFi behind a corporate proxy that decrypts TLS: its certificate is of a private CA."""

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.provider.phrases import BUG
from tests.support.pulumi_project import XERO, Project


@contextmanager
def over_tls(url: str, authority: trustme.CA) -> Iterator[str]:
    """Offer what answers at a URL of this machine over TLS as well; yields that URL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    port = int(url.rpartition(":")[2])

    class Relay(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with (
                contextlib.suppress(OSError),
                context.wrap_socket(self.request, server_side=True) as client,
                socket.create_connection(("127.0.0.1", port)) as server,
            ):
                threading.Thread(target=copy, args=(server, client), daemon=True).start()
                copy(client, server)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Relay) as relay:
        relay.daemon_threads = True
        threading.Thread(target=relay.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{relay.server_address[1]}"
        relay.shutdown()


def copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while received := source.recv(65536):
            target.sendall(received)


@pytest.fixture
def behind_proxy(project: Project, emulator: Emulator, tmp_path: Path) -> Iterator[Project]:
    """The project with one integration, at an address whose CA is in ca.pem."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        project.environ.pop(name, None)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with over_tls(emulator.url, authority) as url:
        project.declare({"xero": XERO}, baseUrl=url)
        yield project


def test_private_ca_of_ssl_cert_file_is_trusted(
    behind_proxy: Project, emulator: Emulator, tmp_path: Path
) -> None:
    behind_proxy.environ["SSL_CERT_FILE"] = str(tmp_path / "ca.pem")
    behind_proxy.up()
    behind_proxy.refresh()
    assert emulator.calls == ["POST /integrations", "GET /integrations/1234"]


def test_unknown_private_ca_names_the_variables_at_once(behind_proxy: Project, emulator: Emulator) -> None:
    output = behind_proxy.up(code=None).output
    assert "TLS: CERTIFICATE_VERIFY_FAILED" in output
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTPS_PROXY", "NO_PROXY"):
        assert name in output
    assert "attempts:" not in output
    assert emulator.calls == []


def test_unusable_proxy_is_named_without_its_password(behind_proxy: Project, emulator: Emulator) -> None:
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        behind_proxy.environ.pop(name, None)
    behind_proxy.secrets.append("hunter2-of-the-proxy")
    output = behind_proxy.up(code=None, HTTPS_PROXY="//user:hunter2-of-the-proxy@").output
    assert "HTTPS_PROXY is not a proxy's address" in output
    assert BUG not in output
    assert emulator.calls == []
