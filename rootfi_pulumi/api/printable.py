"""Make text from an untrusted source safe to show on a terminal."""


def replace_unprintable(text: str) -> str:
    """Return the text with `?` in place of each control or other unprintable character."""
    return "".join(character if character.isprintable() else "?" for character in text)


def excerpt(text: str, longest: int) -> str:
    """Return the text as one printable line of at most `longest` characters."""
    line = replace_unprintable(" ".join(text.split()))
    return line if len(line) <= longest else line[:longest] + "…"
