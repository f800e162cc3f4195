"""The rendering of a help page."""

import pytest

from rootfi_pulumi.console.help_page import Entry, HelpPage

PAGE = HelpPage(
    usage="tool [OPTIONS]",
    text="""Do one thing.

A paragraph that is longer than the line and is wrapped.

    tool --example-that-is-longer-than-the-line --and-more

    tool --other
""",
    sections=[
        ("Arguments", []),
        ("Options", [Entry("--one NAME", "What it does, at length."), Entry("--flag", "Short.")]),
    ],
    end="Routes:\n  GET   /a\n  POST  /b",
)
EXPECTED = """\
Usage: tool [OPTIONS]

Do one thing.

A paragraph that is longer than
the line and is wrapped.

  tool --example-that-is-longer-than-the-line --and-more
  tool --other

Options:
  --one NAME  What it does, at
              length.
  --flag      Short.

Routes:
  GET   /a
  POST  /b"""


def test_page_wraps_prose_and_keeps_examples() -> None:
    assert PAGE.render(32) == EXPECTED


def test_page_has_bold_headings_and_names() -> None:
    styled = PAGE.render(32, styled=True)
    assert "\x1b[1m--flag\x1b[0m      Short." in styled
    assert "\x1b[1mRoutes:\x1b[0m" in styled
    assert styled.replace("\x1b[1m", "").replace("\x1b[0m", "") == EXPECTED


def test_page_has_long_name_above_its_description() -> None:
    long = f"--long <{'|'.join(['choice'] * 5)}>"
    page = HelpPage("x", "y", [("Options", [Entry(long, "What."), Entry("--flag", "Short.")])])
    assert page.render(80).endswith(f"Options:\n  {long}\n          What.\n  --flag  Short.")


@pytest.mark.parametrize(("width", "longest"), [(40, 40), (300, 100)])
def test_page_is_at_most_100_columns_wide(width: int, longest: int) -> None:
    lines = HelpPage("x", "word " * 200).render(width).splitlines()
    assert longest - 5 < max(map(len, lines)) <= longest
