"""A page as a parser sees it, without a browser."""

from html.parser import HTMLParser


class Parsed(HTMLParser):
    """The elements of a page, and each element's text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def values(self, name: str) -> list[str | None]:
        return [attributes[name] for _, attributes in self.elements if name in attributes]


def words_of(page: str) -> str:
    """Return the text of the page, with single spaces."""
    return " ".join("".join(Parsed(page).texts).split())


def lines_of(page: str) -> str:
    """Return the text of the page, with a space between elements."""
    return " ".join(" ".join(Parsed(page).texts).split())
