"""Text that others wrote, made fit for a line on a terminal."""


def printable(text: str) -> str:
    """Return the text with `?` for each character that a terminal would obey rather than show."""
    return "".join(character if character.isprintable() else "?" for character in text)


def excerpt(text: str, longest: int) -> str:
    """Return the text as one printable line of at most `longest` characters."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= longest else line[:longest] + "…"
