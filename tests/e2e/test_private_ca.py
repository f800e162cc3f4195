"""RootFi behind a corporate proxy that decrypts TLS: its certificate is of a private CA."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from rootfi_pulumi.emulator import Emulator
from rootfi_pulumi.provider.phrases import BUG
from tests.support.pulumi_project import XERO, Project
from tests.support.tls_relay import corporate_proxy, over_tls


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


@pytest.fixture
def proxied(project: Project, emulator: Emulator, tmp_path: Path) -> Iterator[Project]:
    """The project with one integration in Saudi Arabia, which only the proxy in PROXY reaches."""
    variables = (
        "SSL_CERT_FILE",
        "SSL_CERT_DIR",
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "HTTPS_PROXY",
        "https_proxy",
    )
    for name in (*variables, "NO_PROXY", "no_proxy"):
        project.environ.pop(name, None)
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    project.environ["SSL_CERT_FILE"] = str(tmp_path / "ca.pem")
    project.declare({"xero": XERO}, baseUrl="https://api.sa.rootfi.dev")
    with corporate_proxy(emulator.url, authority, ["api.sa.rootfi.dev"]) as proxy:
        project.environ["PROXY"] = proxy
        yield project


@pytest.mark.case
def test_region_is_reached_through_a_proxy(proxied: Project, emulator: Emulator) -> None:
    proxied.up(HTTPS_PROXY=proxied.environ["PROXY"])
    assert emulator.calls == ["POST /integrations"]


@pytest.mark.case
def test_lower_case_proxy_needs_lower_case_no_proxy(proxied: Project, emulator: Emulator) -> None:
    proxied.environ["https_proxy"] = proxied.environ["PROXY"]
    output = proxied.up(code=None, NO_PROXY="127.0.0.1,localhost").output
    assert "failed to connect to all addresses" in output
    assert emulator.calls == []
    proxied.up(no_proxy="127.0.0.1,localhost")
    assert emulator.calls == ["POST /integrations"]
