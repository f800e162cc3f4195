"""Wraps text with a hanging indent."""

import re
import textwrap

_SPACE = "\0"


def hang(text: str, width: int | None, *, first: str = "", rest: str = "") -> list[str]:
    """Return the lines of a text, the first after `first` and the others after `rest`.

    A word or a command in backticks is never broken, so that it can be copied; a long one exceeds `width`.
    Without a width, the text is one line.
    """
    if width is None:
        return [f"{first}{text}"]
    lines = textwrap.wrap(
        re.sub(r"`[^`\n]*`", lambda found: found[0].replace(" ", _SPACE), text),
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_SPACE, " ") for line in lines] or [first.rstrip()]
