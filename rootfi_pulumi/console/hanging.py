"""Wraps text with a hanging indent."""

import textwrap


def hang(text: str, width: int | None, *, first: str = "", rest: str = "") -> list[str]:
    """Return the lines of a text, the first after `first` and the others after `rest`.

    A word is never broken, so that options, paths and URLs can be copied; a longer one exceeds `width`.
    Without a width, the text is one line.
    """
    if width is None:
        return [f"{first}{text}"]
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]
