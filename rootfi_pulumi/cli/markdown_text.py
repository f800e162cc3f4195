"""Escapes text from outside in Markdown, as GitHub and GitLab render it."""

import re

_PUNCTUATION = re.compile(r"[!-,./:-@\[-`{-~]")


def escape_markdown(text: str) -> str:
    """Return a line of text without markup: a numeric character reference is never any."""
    return _PUNCTUATION.sub(lambda found: f"&#{ord(found[0])};", text)


def as_code(text: str) -> str:
    """Return a line of text as code, in which nothing becomes a mention or a link."""
    return f"<code>{escape_markdown(text)}</code>"


def escape_prose(text: str) -> str:
    """Return a line in which what is between backticks is code, and nothing else is markup."""
    parts = text.split("`")
    return "".join(
        as_code(part) if number % 2 else escape_markdown(part) for number, part in enumerate(parts)
    )
