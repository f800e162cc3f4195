import pytest

from rootfi_pulumi.api.printable import excerpt


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
def test_foreign_text_is_one_short_printable_line(text: str, expected: str) -> None:
    assert excerpt(text, 10 if text.startswith("x") else 40) == expected


def test_a_page_of_blanks_hides_nothing_of_what_follows() -> None:
    assert excerpt(" " * 10_000 + "word", 40) == "word"
