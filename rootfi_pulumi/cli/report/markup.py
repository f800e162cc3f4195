"""Builds HTML; every text is escaped unless it is HTML already."""

from html import escape


class Markup(str):
    """HTML, which is not escaped again."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str) -> Markup:
    """Return an element. In names of attributes `_` becomes `-`, and a last one is dropped: `class_`."""
    opening = "".join(
        f' {key.removesuffix("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items()
    )
    return Markup(f"<{name}{opening}>{join(*children)}</{name}>")


def join(*children: str) -> Markup:
    """Return the children one after the other, escaped unless they are HTML."""
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))
