from pathlib import Path

import pytest

from tools.words import INSTEAD, Passage, files, findings_in, main, passages

# This file passes the check itself: a phrase has hyphens for spaces, and `found` replaces WORD and BE-COME.
LISTED = [
    *("tell", "tells", "telling", "told", "stand", "stands", "stood", "anew", "aright", "beside"),
    *(
        "mend",
        "mends",
        "mending",
        "mended",
        "whichever-hand",
        "other-hands",
        "is-none",
        "are-none",
        "so-many",
    ),
    *("nobody-knows", "somebody-knows", "what-becomes-of", "what-became-of", "by-itself-alone"),
    *("the-same-at-once", "hold-that"),
]
NEIGHBOURS = [
    *(
        "standalone",
        "stand-in",
        "stand-ins",
        "understand",
        "standard",
        "outstanding",
        "retell",
        "intelligent",
    ),
    *(
        "besides",
        "renewed",
        "amend",
        "mendable",
        "is-None",
        "there-is-none",
        "is-nonexistent",
        "so-much",
        "many",
        "nobody",
    ),
    *("become", "itself", "at-once", "household", "hold"),
]


def found(tmp_path: Path, name: str, text: str) -> list[tuple[int, str]]:
    path = tmp_path / name
    path.write_text(text.replace("WORD", "told").replace("BE-COME", "become"))
    return [(finding.line, finding.word) for finding in findings_in(path)]


@pytest.mark.parametrize("word", LISTED)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "Plain.\n\nOne _{}_ two\n"),
        ("a.py", '"""Plain."""\n\nx = f"One {{x}} {} two"\n'),
        ("a.py", "x = 1\n\n# One {}, two\n"),
        ("a.toml", "a = 1\n\nb = 2 # One {} two\n"),
    ],
    ids=["markdown", "string", "comment", "toml"],
)
def test_listed_word_is_found(tmp_path: Path, word: str, name: str, text: str) -> None:
    for spelt in (word.replace("-", " "), word.replace("-", " ").capitalize()):
        assert found(tmp_path, name, text.format(spelt)) == [(3, spelt)]


@pytest.mark.parametrize("word", NEIGHBOURS)
def test_neighbour_of_listed_word_passes(tmp_path: Path, word: str) -> None:
    spelt = word if word.startswith("stand-in") else word.replace("-", " ")
    assert found(tmp_path, "a.md", f"One {spelt} two\n") == []


def test_stand_for_is_its_own_meaning(tmp_path: Path) -> None:
    assert found(tmp_path, "a.md", "A dash stands\nfor nothing.\n") == []


def test_every_pattern_has_a_listed_word(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("\n\n".join(LISTED).replace("-", " "))
    assert {finding.instead for finding in findings_in(path)} == set(INSTEAD.values())


@pytest.mark.parametrize(
    "text",
    [
        "Run `it WORD`.",
        "```sh\n# it WORD\n```",
        "    it WORD",
        "[A link](https://example.com/WORD)",
        "<!-- it WORD -->",
    ],
)
def test_markdown_code_is_not_read(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, "a.md", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "WORD = WORD(x)",
        'x = "WORD"',
        'x = f"a {WORD} b {WORD.a!r:>3}"',
        "x = f\"a {b['WORD']} c\"",
        '"""Return `WORD` and ``WORD WORD``."""',
        "if x is None: pass # `it WORD`",
        'x = b"it WORD"',
    ],
)
def test_python_code_is_not_read(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, "a.py", text) == []


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        ("a.md", "- one\n  what BE-COMEs\n  of it, WORD\n", [2, 3]),
        ("a.md", "`a` WORD `b`\n", [1]),
        ("a.py", 'x = f"{a} WORD {b}"\n', [1]),
        ("a.py", "x = f\"{'is WORD' if a else 'b'}\"\n", [1]),
        ("a.md", "| a | b |\n|---|---|\n| c `d` | WORD |\n", [3]),
        ("a.py", '"""One.\n\nTwo what\nBE-COMEs of\n\nit, WORD.\n"""\n', [3, 6]),
        ("a.py", 'x = (\n    "it \\nWORD "\n    f"what BE-COMEs "\n    "of it"\n)\n', [2, 3]),
        (
            "a.py",
            "x = 1 # what\n\n\ndef f():\n    # what BE-COMEs\n    # of it\n    return 1 # WORD\n",
            [5, 7],
        ),
        ("a.yml", "a: 1\n# what BE-COMEs\n# of it\n", [2]),
        ("Makefile", "a: ## What it WORD\n", [1]),
    ],
)
def test_finding_names_its_line(tmp_path: Path, name: str, text: str, lines: list[int]) -> None:
    assert sorted(line for line, _ in found(tmp_path, name, text)) == lines


def test_string_of_one_word_is_no_prose() -> None:
    assert passages(".py", 'x = "one"\ny = "two words"\n') == [Passage(2, '"two words"')]


def test_folder_is_read_with_what_is_in_it(tmp_path: Path) -> None:
    for name in ("a/b.md", "a/c/d.py", "a/e.png", "f.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    read = {str(path.relative_to(tmp_path)) for path in files([tmp_path / "a", tmp_path / "f.txt"])}
    assert read == {"a/b.md", "a/c/d.py", "f.txt"}


def test_findings_are_printed_and_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    word = "mend"
    (tmp_path / "b.md").write_text(f"Right.\n\nThey {word}.\n")
    (tmp_path / "a.md").write_text("Right.\n")
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().out == f'{tmp_path}/b.md:3: replace "{word}": fix, correct or repair\n'
    assert main([str(tmp_path / "a.md")]) == 0
