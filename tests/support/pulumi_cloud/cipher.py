"""Encrypts as Pulumi Cloud does for a stack: with a key that never leaves the service.

The ciphertext has the shape of the real one, `AAABA…` in base64. The cipher is only strong enough for tests.
"""

import hashlib
import hmac
import secrets
from itertools import count

_VERSION = b"\x00\x00\x01\x00"
_NONCE, _TAG = 12, 16


def encrypt(key: bytes, plaintext: bytes) -> bytes:
    """Return another ciphertext each time."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = _mix(key, nonce, plaintext)
    return _VERSION + nonce + sealed + _tag(key, nonce + sealed)


def decrypt(key: bytes, ciphertext: bytes) -> bytes:
    """Raise ValueError for what was not encrypted with this key."""
    body, tag = ciphertext[len(_VERSION) : -_TAG], ciphertext[-_TAG:]
    if not ciphertext.startswith(_VERSION) or not hmac.compare_digest(tag, _tag(key, body)):
        raise ValueError("message authentication failed")
    return _mix(key, body[:_NONCE], body[_NONCE:])


def _mix(key: bytes, nonce: bytes, text: bytes) -> bytes:
    stream = b""
    for block in count():
        if len(stream) >= len(text):
            break
        stream += hashlib.sha256(key + nonce + block.to_bytes(8)).digest()
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))


def _tag(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key, body, "sha256")[:_TAG]
