"""Text with a hanging indent."""

from rootfi_pulumi.console.hanging import hang


def test_text_is_one_line_without_a_width() -> None:
    assert hang("a " * 100, None, first="> ") == [f"> {'a ' * 100}"]


def test_lines_fit_and_hang() -> None:
    assert hang("one two three four", 12, first="ok ", rest="   ") == ["ok one two", "   three", "   four"]


def test_words_to_copy_are_not_broken() -> None:
    words = ["--run-program", "https://example.com/a-long-path"]
    assert hang(" ".join(words), 10) == words


def test_commands_to_copy_are_not_broken() -> None:
    assert hang("run `pulumi config set` or `pulumi up`", 10) == [
        "run",
        "`pulumi config set`",
        "or",
        "`pulumi up`",
    ]


def test_empty_text_is_a_line() -> None:
    assert hang("", 10, first="ok ") == ["ok"]
