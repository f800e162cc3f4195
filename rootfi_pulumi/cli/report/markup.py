"""HTML in which every text is escaped unless it is HTML already."""

from html import escape


class Markup(str):
    """HTML as it stands, which is not escaped again."""

    __slots__ = ()


def tag(name: str, *children: str, **attributes: str) -> Markup:
    """Return an element; of an attribute's name, `_` becomes `-`, and one at the end is dropped: `class_`."""
    opening = "".join(
        f' {key.removesuffix("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items()
    )
    return Markup(f"<{name}{opening}>{join(*children)}</{name}>")


def join(*children: str) -> Markup:
    """Return the children one after the other, escaped as they need."""
    return Markup("".join(child if isinstance(child, Markup) else escape(child) for child in children))
