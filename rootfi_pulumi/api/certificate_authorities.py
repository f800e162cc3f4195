"""The certificate authorities (CAs) that a TLS connection trusts.

By default these are the public CAs bundled with requests, plus those in SSL_CERT_FILE and SSL_CERT_DIR, which
`pulumi` trusts too (https://pkg.go.dev/crypto/x509#SystemCertPool). REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE
replaces all of them, as for every program that uses requests.
"""

import contextlib
import functools
import os
import ssl
from collections.abc import Iterator
from pathlib import Path

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util.ssl_ import create_urllib3_context

# OpenSSL's codes for a certificate chain without a trusted root. Adding a CA fixes no other failure.
_UNKNOWN_ISSUER = {2, 18, 19, 20, 21}


def tls_context(ca_certs: str | None, ca_cert_dir: str | None) -> ssl.SSLContext:
    """Return a context that trusts these CAs. SSL_CERT_FILE and SSL_CERT_DIR extend the default bundle."""
    added = tuple(_added()) if ca_certs == DEFAULT_CA_BUNDLE_PATH else ()
    return _context(ca_certs, ca_cert_dir, added)


@functools.cache
def _context(ca_certs: str | None, ca_cert_dir: str | None, added: tuple[Path, ...]) -> ssl.SSLContext:
    # urllib3 would create a context for each connection, which takes 20 ms, most of it to read the bundle.
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    context.load_verify_locations(ca_certs, ca_cert_dir)
    for path in added:
        # Like `pulumi`, ignore a file that is missing or has no certificate; `describe_failure` reports it.
        with contextlib.suppress(OSError):
            context.load_verify_locations(path)
    return context


def _added() -> Iterator[Path]:
    if file := os.environ.get("SSL_CERT_FILE"):
        yield Path(file)
    for folder in filter(None, os.environ.get("SSL_CERT_DIR", "").split(os.pathsep)):
        with contextlib.suppress(OSError):
            yield from sorted(Path(folder).iterdir())


def has_unknown_issuer(error: ssl.SSLError) -> bool:
    """Return whether a handshake failed because no trusted CA issued the peer's certificate."""
    return isinstance(error, ssl.SSLCertVerificationError) and error.verify_code in _UNKNOWN_ISSUER


def describe_failure(error: ssl.SSLError) -> str:
    """Return why a handshake failed, and which environment variable may be the cause."""
    why = f"TLS: {error.reason or error}"
    if not isinstance(error, ssl.SSLCertVerificationError):
        return why
    why = f"{why}, {error.verify_message}"
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if os.environ.get(name):
            return f"{why} (only the CAs of {name} are trusted)"
    file = os.environ.get("SSL_CERT_FILE")
    return f"{why} (SSL_CERT_FILE: {problem})" if file and (problem := _unread(file)) else why


def _unread(file: str) -> str | None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except ssl.SSLError:
        return "holds no certificate"
    except OSError as error:
        return f"cannot be read, {error.strerror}"
    return None
