"""The certificate authorities (CAs) that a TLS connection trusts.

By default the public ones that requests brings, and with them those of SSL_CERT_FILE and SSL_CERT_DIR, as
`pulumi` itself trusts them (https://pkg.go.dev/crypto/x509#SystemCertPool). requests' own REQUESTS_CA_BUNDLE
and CURL_CA_BUNDLE replace them all.
"""

import contextlib
import functools
import os
import ssl
from collections.abc import Iterator
from pathlib import Path

from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.util.ssl_ import create_urllib3_context

# What OpenSSL says of a chain whose root it does not know; another CA is no remedy for anything else.
_UNKNOWN_ISSUER = {2, 18, 19, 20, 21}


def tls_context(ca_certs: str | None, ca_cert_dir: str | None) -> ssl.SSLContext:
    """Return a context that trusts these, and SSL_CERT_FILE's and SSL_CERT_DIR's if they are the default."""
    added = tuple(_added()) if ca_certs == DEFAULT_CA_BUNDLE_PATH else ()
    return _context(ca_certs, ca_cert_dir, added)


@functools.cache
def _context(ca_certs: str | None, ca_cert_dir: str | None, added: tuple[Path, ...]) -> ssl.SSLContext:
    # urllib3 would make one for each connection: 20 ms of a processor, most of it to read the bundle.
    context = create_urllib3_context(cert_reqs=ssl.CERT_REQUIRED)
    context.load_verify_locations(ca_certs, ca_cert_dir)
    for path in added:
        # As for `pulumi`, a file that is not there or holds no certificate adds nothing: see `failure`.
        with contextlib.suppress(OSError):
            context.load_verify_locations(path)
    return context


def _added() -> Iterator[Path]:
    if file := os.environ.get("SSL_CERT_FILE"):
        yield Path(file)
    for folder in filter(None, os.environ.get("SSL_CERT_DIR", "").split(os.pathsep)):
        with contextlib.suppress(OSError):
            yield from sorted(Path(folder).iterdir())


def is_of_unknown_issuer(error: ssl.SSLError) -> bool:
    """Return whether a handshake failed for want of a CA that vouches for the other side."""
    return isinstance(error, ssl.SSLCertVerificationError) and error.verify_code in _UNKNOWN_ISSUER


def failure(error: ssl.SSLError) -> str:
    """Say why a handshake failed, and which variable may be the cause."""
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
