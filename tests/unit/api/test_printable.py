import pytest

from rootfi_pulumi.api.printable import printable


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("two\r\n  lines\t", "two lines"),
        ("\x1b[31mred\x1b[0m\x07", "?[31mred?[0m?"),
        ("right\u202eleft\u200b", "right?left?"),
        ("x" * 11, "x" * 10 + "…"),
        ("", ""),
    ],
)
def test_text_of_others_is_one_short_line_that_a_terminal_shows_as_it_is(text: str, expected: str) -> None:
    assert printable(text, 10 if text.startswith("x") else 40) == expected


def test_a_page_of_blanks_hides_nothing_of_what_follows() -> None:
    assert printable(" " * 10_000 + "word", 40) == "word"
