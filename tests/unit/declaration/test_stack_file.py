"""What a stack file holds, and which YAML and JSON is refused, as Pulumi's engine does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootfi_pulumi.declaration.stack_file import StackFile
from rootfi_pulumi.declaration.stack_mistakes import problems_in
from rootfi_pulumi.project.engine_yaml import UnreadableError
from tests.support.stack_files.sample import GOOD, lines


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("config: []", "1: config: must be a mapping"),
        ("a: 1\nconfig: x", "2: config: must be a mapping"),
        ("- a", "1: is no mapping: write the stack's settings under `config:`"),
        ("text", "1: is no mapping"),
        ("config: {}\n1: a", "2: a key is no text: put it in quotes"),
        ("config:\n  a:b:c: 1", "2: config: a key has the form namespace:name"),
        ("encryptionsalt: [a]", "1: encryptionsalt: must be text"),
        ("config:\n  a:b: .inf", "2: is infinite or NaN"),
        ("config:\n  a:b: 1\n  1: x", "3: config: a key has the form namespace:name"),
        ("config:\n  foo: x\n  !t a:b: 1", "2: config: a key has the form namespace:name"),
        ("config: {}\n---\n@", "3: is not YAML"),
        ("config:\n  a:b: {c: d?e}", "2: is not YAML: Pulumi does not allow ?"),
        ("config:\n  a:b: [{d?: e}]", "2: is not YAML: Pulumi does not allow ?"),
        ("config: {}\n...\n%x", "3: is not YAML"),
    ],
)
def test_file_that_the_engine_refuses_is_a_mistake(text: str, line: str) -> None:
    [found] = lines(text)
    assert found.startswith(line)


@pytest.mark.parametrize(
    "foreign",
    [
        "other:op: =",
        "other:day: 2024-02-30",
        "other:t: !x y",
        "other:u: 1\t# tab",
        "other:q?: a?b",
        "other:q: {? a : 'b?'}",
        "other:v: !!foo {a: 1}",
    ],
)
def test_foreign_key_that_pulumi_takes_is_no_mistake(foreign: str) -> None:
    assert lines(GOOD.replace("config:\n", f"config:\n  {foreign}\n")) == []


@pytest.mark.parametrize("rest", ["---\n[\n", "---\na: [\n", "---\n- @\n", "...\ntext\n", "--- &a *b\n"])
def test_second_document_is_not_read(rest: str) -> None:
    assert lines(GOOD + rest) == []


def test_null_is_no_key_of_the_config() -> None:
    assert lines(f"{GOOD.replace('config:', 'config:' + chr(10) + '  ~: x', 1)}") == []


def test_json_file_is_read_as_json() -> None:
    text = '{\n "config": {\n  "rootfi:baseUrl": "http:\\/\\/x",\n "rootfi:integrations": {}}}'
    [found] = problems_in(text, is_json=True)
    assert (found.line, found.message.partition(":")[0]) == (3, "rootfi")
    assert problems_in("config: {}", is_json=True)[0].message.startswith("is not JSON: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"config": {"a:b": 1e400}}', "is not JSON: "),
        (f'{{"config": {{"a:b": {"1" * 400}}}}}', "is not JSON: "),
        ('{"encryptionsalt": 5}', "encryptionsalt: must be text"),
        ('{"Config": {"rootfi:apiKey": "hunter2"}}', "Config: write it as config"),
    ],
)
def test_json_that_pulumi_reads_otherwise_is_a_mistake(text: str, message: str) -> None:
    [found] = problems_in(text, is_json=True)
    assert found.message.startswith(message)


def test_invalid_yaml_is_reported_with_its_line() -> None:
    assert lines("config:\n  a: [")[0].startswith("2: is not YAML: ")


@pytest.mark.parametrize("value", ["*hunter2", "!hunter2", "&hunter2 *hunter3"])
def test_a_secret_that_breaks_the_yaml_is_not_quoted(value: str) -> None:
    found = lines(GOOD.replace("{secure: v1:def}", value))
    assert found
    assert "hunter" not in str(found)


def test_a_duplicate_key_is_reported() -> None:
    text = GOOD.replace(
        "      client_secret: {secure", "      client_secret: hunter2\n      client_secret: {secure"
    )
    told = "integrations.xero.client_secret: is set twice, so Pulumi refuses the file: remove one"
    assert f"9: {told}" in lines(text)


def test_a_file_that_contains_itself_is_reported() -> None:
    assert lines("config: &a {rootfi:integrations: *a}")


@given(text=st.text() | st.text(alphabet="config:rootf{}[]-& *!\n\"' |>#%@`0"))
def test_any_text_gives_located_mistakes(text: str) -> None:
    assert all(problem.line >= 1 for problem in problems_in(text))


@pytest.mark.parametrize(
    "value",
    ["!!bool no bool", "!!int ''", "!!timestamp never", '"\\UFFFFFFFF"', "!!float x", "!!binary '@'"],
)
def test_a_value_that_its_tag_does_not_allow_is_reported(value: str) -> None:
    assert "is not YAML: " in lines(f"config: {{rootfi:timeoutSeconds: {value}}}")[0]


@pytest.mark.parametrize("member", ["x: *a29", "baseUrl: *a29", "apiKey: {secure: *a29}"])
def test_endless_aliases_are_reported_at_once(member: str) -> None:
    # Each line is nine times the one before.
    bomb = "a0: &a0 {a: 1}\n" + "".join(
        f"a{i}: &a{i} {{{', '.join(f'{each}: *a{i - 1}' for each in range(9))}}}\n" for i in range(1, 30)
    )
    [line] = lines(f"{bomb}config: {{rootfi:{member}}}")
    assert "aliases" in line


def test_an_alias_that_saves_writing_is_right() -> None:
    text = GOOD.replace("xero:\n", "xero: &x\n").replace(
        "    wave:\n      integration_type: WAVE\n      client_id: wave-app\n"
        "      client_secret: {from_env: WAVE_CLIENT_SECRET}\n",
        "    wave: {<<: *x, integration_type: WAVE}\n",
    )
    assert "*x" in text
    assert lines(text) == []


def test_json_keeps_what_yaml_would_change() -> None:
    text = '{"config": {"rootfi:integrations"\n: {"<<": {"a\x7f\u2028\ufeff": " :"}, "b": "\\\\" , "c" : "\\"\\/"}}}'
    file = StackFile.parse(text, is_json=True)
    assert file.config == {"rootfi:integrations": {"<<": {"a\x7f\u2028\ufeff": " :"}, "b": "\\", "c": '"/'}}


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
