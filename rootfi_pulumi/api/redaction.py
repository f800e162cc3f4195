"""Remove secrets from text that a server or a library wrote.

Such text may quote what was sent, plain or encoded, so all of it passes `Redactor.redact` before it becomes
part of a message.
"""

import base64
import json
import re
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

PLACEHOLDER = "[secret]"


class Redactor:
    """Replaces the secrets of a process, in every usual encoding, by `[secret]`."""

    def __init__(self) -> None:
        # Pairs of a case-folded form, to compare, and the form itself. One regular expression for all forms
        # would have to be recompiled for each secret, and a large stack has hundreds.
        self._forms: list[tuple[str, str]] = []
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def __repr__(self) -> str:
        return "Redactor()"

    def add(self, secret: str | None) -> None:
        """Remember a secret, however short; None and the empty string are ignored."""
        if not secret:
            return
        with self._lock:
            if secret in self._known:
                return
            new = _forms(secret) - self._known
            self._known |= new
            self._forms += [(_folded(form), form) for form in new]

    def redact(self, text: str) -> str:
        """Return the text with every known secret replaced."""
        folded = _folded(text)
        quoted = [form for compared, form in self._forms if compared in folded]
        if not quoted:
            return text
        # Try the longest first, so that a secret that contains another is replaced as a whole.
        longest_first = sorted(quoted, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), PLACEHOLDER, text, flags=re.IGNORECASE)

    def redact_all(self, value: Any) -> Any:
        """Return a JSON value with every text in it redacted."""
        if isinstance(value, str):
            return self.redact(value)
        if isinstance(value, list):
            return [self.redact_all(each) for each in value]
        if isinstance(value, dict):
            return {self.redact(key): self.redact_all(each) for key, each in value.items()}
        return value


def _folded(text: str) -> str:
    # Fold every letter that re.IGNORECASE considers equal, including the four Turkish letters i.
    return text.casefold().replace("\u0307", "").replace("\u0131", "i")


def _forms(secret: str) -> set[str]:
    raw = secret.encode("utf-8", "surrogatepass")
    forms = {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(json.dumps(secret)[1:-1])[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(secret)[1:-1].replace("/", "\\/"),
        repr(secret)[1:-1],
        quote(raw, safe=""),
        quote(raw),
        quote_plus(raw),
        raw.hex(),
    }
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        forms.update(_base64_forms(raw, encode))
    return {form for form in forms if form}


def _base64_forms(raw: bytes, encode: Callable[[bytes], bytes]) -> set[str]:
    # Within a longer text, such as Basic's `id:secret`, a secret starts at one of three offsets. Leave out
    # the characters that depend on its neighbours, and forms too short to be unambiguous.
    forms = set()
    for offset in range(3):
        encoded = encode(b"\0" * offset + raw).decode()
        whole = len(raw) + offset
        start = -(-offset * 8 // 6)
        end = whole * 8 // 6
        if end - start >= 4:  # noqa: PLR2004
            forms.add(encoded[start:end])
    forms.add(encode(raw).decode().rstrip("="))
    return forms
