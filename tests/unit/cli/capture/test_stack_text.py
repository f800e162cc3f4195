import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from rootfi_pulumi.cli.capture.stack_text import UnsuitableError, add_members

ENTRY = {"wave": {"integration_type": "WAVE", "adopt": 1}}
NEW = {"config": {"rootfi:integrations": ENTRY}}
LINES = "wave:\n  integration_type: WAVE\n  adopt: 1\n"


def indented(spaces: int) -> str:
    return "".join(" " * spaces + line for line in LINES.splitlines(keepends=True))


def test_an_entry_goes_between_the_last_one_and_the_comment_after_it() -> None:
    before = "# head\nconfig:\n  rootfi:integrations:\n    # of books\n    xero: {a: 'b',  c: d}   # eol\n\n"
    after = "# tail\nencryptionsalt: v1:x\n"
    assert add_members(before + after, NEW) == before[:-1] + indented(4) + "\n" + after


@pytest.mark.parametrize("none", ["", " {}", " ~", " null", " {\n  }"])
def test_nothing_declared_becomes_a_mapping(none: str) -> None:
    text = f"config:\n  rootfi:integrations:{none} # none yet\n  other: 1\n"
    assert add_members(text, NEW) == f"config:\n  rootfi:integrations: # none yet\n{indented(4)}  other: 1\n"


@pytest.mark.parametrize("spaces", [1, 2, 4, 8])
def test_the_indentation_of_the_neighbours_is_kept(spaces: int) -> None:
    pad = " " * spaces
    text = f"config:\n{pad}rootfi:integrations:\n{pad * 2}xero:\n{pad * 3}a: b\n"
    assert add_members(text, NEW) == text + indented(2 * spaces)


def test_an_entry_goes_below_one_whose_brace_ends_in_the_first_column() -> None:
    text = "config:\n  rootfi:integrations:\n    xero: {\n      a: b\n}\n"
    assert add_members(text, NEW) == text + indented(4)


def test_what_is_missing_above_is_made_too() -> None:
    made = f"config:\n  rootfi:integrations:\n{indented(4)}"
    assert add_members("", NEW) == made
    assert add_members("# salt\nencryptionsalt: v1:x", NEW) == f"# salt\nencryptionsalt: v1:x\n{made}"
    assert add_members("{}\n", NEW) == "\n" + made
    assert add_members("config:\n  a: b\n", NEW) == f"config:\n  a: b\n{made.partition(chr(10))[2]}"


def test_the_ends_of_lines_are_kept() -> None:
    text = add_members("config:\r\n  rootfi:integrations:\r\n    xero: {}\r\n", NEW)
    assert text.count("\r\n") == text.count("\n") == 6


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("config: [", "is not YAML"),
        ("config: {a: b}\n", "line 1: must be a mapping with a line for each key, without braces"),
        ("config:\n  rootfi:integrations: {a: b}\n", "line 2: must be a mapping"),
        ("config: text\n", "line 1: must be a mapping"),
        ("config:\n  a: &x 1\n  rootfi:integrations:\n    b: *x\n", "cannot be extended as it is written"),
    ],
)
def test_what_cannot_be_added_to_is_refused(text: str, why: str) -> None:
    with pytest.raises(UnsuitableError) as refused:
        add_members(text, NEW)
    assert str(refused.value).startswith(why)


texts = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\u2028\u2029\ufeff"), min_size=1
)


@given(
    name=texts,
    client_id=texts | st.sampled_from(["yes", "1:30", "0o17", "1_000", "~", "=", "<<", "- a", "2001-01-01"]),
)
@example(name="!!int", client_id="!!bool x")
@example(name="!!float x", client_id="!!timestamp")
def test_every_text_is_read_as_itself_by_both_versions_of_yaml(name: str, client_id: str) -> None:
    entry = {name: {"client_id": client_id}}
    text = add_members(
        "config:\n  rootfi:integrations:\n    xero: {}\n", {"config": {"rootfi:integrations": entry}}
    )
    for read in (yaml.safe_load, YAML(typ="safe", pure=True).load):
        assert read(text)["config"]["rootfi:integrations"] == {"xero": {}} | entry


@given(
    st.lists(
        st.sampled_from(
            ["  a: b", "  # c", "", "  x: {y: z} # e", "  l:\n  - 1\n  - 2", "  t: |\n    text\n"]
        ),
        max_size=6,
    )
)
def test_every_existing_line_is_unchanged(lines: list[str]) -> None:
    before = "\n".join(["config:", *dict.fromkeys(lines), "encryptionsalt: v1:x", ""])
    after = add_members(before, NEW)
    new = "".join(f"  {line}\n" for line in ["rootfi:integrations:", *indented(2).splitlines()])
    assert after in [before[:at] + new + before[at:] for at in range(len(before))] + [
        before.replace("config:\n", f"config:\n{new}", 1)
    ]
