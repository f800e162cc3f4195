"""Finds and removes credentials in the addresses that a new repository commits."""

import re
from collections.abc import Iterator

# Not urllib's: it rejects some addresses, and those must not pass with their password.
_URL = re.compile(
    r"([a-z][a-z0-9+.-]*)://"  # scheme
    r"(?:([^\s/?#]*)@)?"  # user and password
    r"([^\s?#]*)"  # host and path
    r"(?:\?([^\s#]*))?",  # query
    re.IGNORECASE,
)
_SECRET_FIELD = re.compile(
    r"token|passw(or)?d|secret|signature|credential|api[-_]?key|jwt|^(key|sig|auth)$", re.IGNORECASE
)
_MAYBE_PASSWORD = re.compile(r":[^/]*@|[?&][^=]*=")


def find_credentials(text: str) -> list[str]:
    """Return the passwords and tokens of the URLs in a text."""
    return [each for url in _URL.finditer(text) for each in _credentials(url)]


def remove_credentials(text: str) -> str:
    """Return the text whose URLs have no password or token; those of HTTP also have no user."""
    return _URL.sub(_without_credentials, text)


def may_have_password(text: str) -> bool:
    """Return whether a text that is no URL could have a password, so that no message may show it."""
    return bool(_MAYBE_PASSWORD.search(text))


def _credentials(url: re.Match[str]) -> Iterator[str]:
    scheme, login, _, query = url.groups(default="")
    user, _, password = login.partition(":")
    # A forge takes a token as the user. `git` is what people write where a user is needed but ignored.
    if secret := password or (user if _is_http(scheme) and user != "git" else ""):
        yield secret
    yield from (field.partition("=")[2] for field in query.split("&") if _is_secret(field))


def _without_credentials(url: re.Match[str]) -> str:
    scheme, login, place, query = url.groups(default="")
    user = "" if _is_http(scheme) else login.partition(":")[0]
    query = "&".join(field for field in query.split("&") if not _is_secret(field))
    return f"{scheme}://{f'{user}@' if user else ''}{place}{f'?{query}' if query else ''}"


def _is_http(scheme: str) -> bool:
    return scheme.lower().rpartition("+")[2] in ("http", "https")  # pip writes git+https


def _is_secret(field: str) -> bool:
    name, _, value = field.partition("=")
    return bool(value and _SECRET_FIELD.search(name))
