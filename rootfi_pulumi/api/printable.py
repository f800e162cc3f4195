"""Text that others wrote, made fit for a line on a terminal."""


def printable(text: str, longest: int) -> str:
    """Return the text as one line of at most `longest` characters; no escape sequence survives in it."""
    one_line = " ".join(text.split())
    plain = "".join(character if character.isprintable() else "?" for character in one_line)
    return plain if len(plain) <= longest else plain[:longest] + "…"
