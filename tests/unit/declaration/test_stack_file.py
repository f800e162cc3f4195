import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootfi_pulumi.declaration.stack_file import StackFile
from rootfi_pulumi.declaration.stack_mistakes import Adoption, adoptions_of
from rootfi_pulumi.project.engine_yaml import UnreadableError
from tests.support.stack_files.sample import GOOD, lines


def test_json_keeps_what_yaml_would_change() -> None:
    text = '{"config": {"rootfi:integrations"\n: {"<<": {"a\x7f\u2028\ufeff": " :"}, "b": "\\\\" , "c" : "\\"\\/"}}}'
    file = StackFile.parse(text, is_json=True)
    assert file.config == {"rootfi:integrations": {"<<": {"a\x7f\u2028\ufeff": " :"}, "b": "\\", "c": '"/'}}


def adoptions(text: str) -> list[Adoption]:
    return adoptions_of(StackFile.parse(text))


def test_adoptions_have_their_lines() -> None:
    text = GOOD.replace("client_id: app\n", "client_id: app\n      adopt: 1001\n")
    assert adoptions(text) == [Adoption(8, "xero", 1001)]


def test_adoptions_outlast_other_mistakes() -> None:
    text = GOOD.replace("client_id: app", "client_ib: app\n      adopt: 1001").replace("wave-app", "")
    assert [each.rootfi_id for each in adoptions(text)] == [1001]


@pytest.mark.parametrize("adopt", ["", "abc", "-1", "1.5", "true", "[1]", "{secure: v1:x}"])
def test_adoptions_leave_out_what_is_no_id(adopt: str) -> None:
    assert adoptions(GOOD.replace("client_id: app", f"client_id: app\n      adopt: {adopt}")) == []


@pytest.mark.parametrize("adopt", ["0o1751", "0x3e9", "1_001", "1.001e3", "1001.0"])
def test_adoption_is_the_number_that_the_engine_reads(adopt: str) -> None:
    text = GOOD.replace("client_id: app", f"client_id: app\n      adopt: {adopt}")
    assert [each.rootfi_id for each in adoptions(text)] == [1001]
    assert lines(text) == []


@pytest.mark.parametrize("text", ["", "a: 1", "config: {rootfi:integrations: {secure: v1:x}}"])
def test_file_without_a_declaration_has_no_adoptions(text: str) -> None:
    assert adoptions(text) == []


@given(st.text())
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    try:
        assert isinstance(StackFile.parse(text).config, dict)
    except UnreadableError as error:
        assert error.line >= 1


@pytest.mark.parametrize(
    ("key", "shown"), [(".inf", "+Inf"), ("-.inf", "-Inf"), (".nan", "NaN"), ("1.50", "1.5")]
)
def test_number_as_a_key_is_shown_as_pulumi_shows_it(key: str, shown: str) -> None:
    assert StackFile.parse(f"config: {{rootfi:integrations: {{{key}: {{}}}}}}").config[
        "rootfi:integrations"
    ] == {shown: {}}
