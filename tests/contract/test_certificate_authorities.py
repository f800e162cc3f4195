"""Which CAs a TLS connection trusts, and the error if none of them issued the certificate."""

import ssl
from pathlib import Path

import pytest
import trustme
from requests.utils import DEFAULT_CA_BUNDLE_PATH

from rootfi_pulumi.api import errors
from rootfi_pulumi.api.certificate_authorities import tls_context
from rootfi_pulumi.api.client import RootFiClient
from tests.support.contract.plugin import client_of
from tests.support.contract.tls_server import secure

VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
ADVICE = "set SSL_CERT_FILE or REQUESTS_CA_BUNDLE to the file of your organisation's CA, check HTTPS_PROXY"


def create(client: RootFiClient) -> int:
    made = client.create_integration(
        integration_type="XERO", client_id="xero-app", client_secret="s", is_rootfi_identity=False
    )
    return made.rootfi_id


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def authority() -> trustme.CA:
    """The private CA of an organisation."""
    return trustme.CA()


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> Path:
    """The folder that holds the CA's file, `ca.pem`, and nothing else."""
    folder = tmp_path / "authorities"
    folder.mkdir()
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    return folder


def refused(url: str) -> errors.NotSent:
    with pytest.raises(errors.NotSent) as raised:
        create(client_of(url))
    assert raised.value.attempts == 1
    assert str(raised.value).isprintable()
    return raised.value


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_ca_in_the_file_of_a_variable_is_trusted(
    authority: trustme.CA, bundle: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(bundle / "ca.pem"))
    with secure(authority.issue_cert("127.0.0.1")) as url:
        assert create(client_of(url)) == 7


def test_ca_in_a_folder_of_ssl_cert_dir_is_trusted(
    authority: trustme.CA, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bundle / "README").write_text("no certificate")
    monkeypatch.setenv("SSL_CERT_DIR", f"{tmp_path / 'missing'}:{bundle}")
    with secure(authority.issue_cert("127.0.0.1")) as url:
        assert create(client_of(url)) == 7


def test_ca_of_ssl_cert_file_is_added_to_the_public_ones(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    public.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle / "ca.pem"))
    trusted = tls_context(DEFAULT_CA_BUNDLE_PATH, None).get_ca_certs()
    assert len(trusted) == len(public.get_ca_certs()) + 1


def test_requests_ca_bundle_wins_over_ssl_cert_file(
    authority: trustme.CA, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle / "ca.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "other.pem"))
    with secure(authority.issue_cert("127.0.0.1")) as url:
        error = refused(url)
    assert "(only the CAs of REQUESTS_CA_BUNDLE are trusted)" in str(error)


def test_unknown_ca_names_the_variables_and_not_the_address(authority: trustme.CA) -> None:
    with secure(authority.issue_cert("127.0.0.1")) as url:
        error = refused(url)
    assert isinstance(error, errors.Untrusted)
    assert "TLS: CERTIFICATE_VERIFY_FAILED, unable to get local issuer certificate: nothing was" in str(error)
    assert ADVICE in str(error)
    assert "NO_PROXY" in str(error)
    assert "baseUrl" not in str(error)


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, "cannot be read, No such file or directory"), ("no CA", "holds no certificate")],
)
def test_ssl_cert_file_that_is_none_is_named_when_it_matters(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, problem: str
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with secure(authority.issue_cert("127.0.0.1")) as url:
        assert f"(SSL_CERT_FILE: {problem})" in str(refused(url))


def test_certificate_of_another_host_is_about_the_address(
    authority: trustme.CA, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle / "ca.pem"))
    with secure(authority.issue_cert("example.com")) as url:
        error = refused(url)
    assert "CERTIFICATE_VERIFY_FAILED, IP address mismatch" in str(error)
    assert "check the base URL" in str(error)
    assert "SSL_CERT_FILE" not in str(error)


def test_authorities_are_read_once_in_a_process(
    authority: trustme.CA, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle / "ca.pem"))
    for _ in range(2):
        with secure(authority.issue_cert("127.0.0.1")) as url:
            assert create(client_of(url)) == 7
        trustme.CA().cert_pem.write_to_path(str(bundle / "ca.pem"))
