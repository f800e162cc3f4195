"""Each expectation is what the engine did with the text; tests/e2e/test_engine_yaml.py repeats the comparison."""

import pytest

from rootfi_pulumi.project.engine_yaml import UnreadableError, compose, plain, repeated_keys


def value(text: str, *, is_json: bool = False) -> object:
    root = compose(text, is_json=is_json)
    assert root
    return plain(root)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\t# tab\n", {"a": 1}),
        ("a\t: b\t\n", {"a": "b"}),
        ("\ufeffa: 1\n\ufeffb: 2\n", {"a": 1, "b": 2}),
        ("a: 1\r\nb: 2\r", {"a": 1, "b": 2}),
        ("a: &x 1\nb: &x 2\nc: *x\n", {"a": 1, "b": 2, "c": 2}),
        ("x: &x {a: 1, b: 2}\ny: {<<: *x, b: 3}\n", {"x": {"a": 1, "b": 2}, "y": {"a": 1, "b": 3}}),
        ("y: {<<: [{a: 1}, {a: 2, b: 3}]}\n", {"y": {"a": 1, "b": 3}}),
        ('y: {"<<": {a: 1}}\n', {"y": {"a": 1}}),
        ("y: {1: a, true: b, ~: c, 1.5: d}\n", {"y": {"1": "a", "true": "b", "<nil>": "c", "1.5": "d"}}),
        ("y: !foo {a: !bar [1]}\n", {"y": {"a": [1]}}),
        ("a: 1\n---\n[\n", {"a": 1}),
        ("a: |\n  x\n   y\nb: >-\n  x\n  y\n", {"a": "x\n y\n", "b": "x y"}),
        ("a: [1e21, 1e20, 9223372036854775808, -0.0]\n", {"a": [1e21, 10**20, 9223372036854776000, 0]}),
        ("a: {1.624e6: b, 1e5: c, -.inf: d}\n", {"a": {"1.624e+06": "b", "100000": "c", "-Inf": "d"}}),
    ],
)
def test_text_has_the_engines_values(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [\n", 2),
        ("a: 1\n\t\nb: 2\n", 2),
        ("a:\n\tb: 1\n", 2),
        ("a: &x [*x]\n", 1),
        ("a: 1\nb: *x\n", 2),
        ("a: {<<: 1}\n", 1),
        ("a: 1\n? [b]\n: c\n", 2),
        ('a: 1\nb: "\\/"\n', 2),
        ('a: "\\ud83d"\n', 1),
        ("%YAML 1.2\n---\na: 1\n", 1),
        ("a: 1\nb: .inf\n", 2),
        ("a: 1\nb: !!int x\n", 2),
        ("a: \x01\n", 1),
        ("a: " + "[" * 300 + "]" * 300, 1),
    ],
)
def test_text_that_the_engine_refuses_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(UnreadableError) as caught:
        value(text)
    assert caught.value.line == line


def test_repeated_keys_are_found_as_they_are_written() -> None:
    root = compose("a: {b: 1, 'b': 2, c: {d: 1, d: 2}}\ne: {1: x, 0x1: y}\nf: 3\nf: 4\n")
    assert root
    assert sorted(repeated_keys(root)) == [(1, ("a", "b")), (1, ("a", "c", "d")), (4, ("f",))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{\n\t"a": "\\/\\ud83d\\ude00\\\\/"\n}', {"a": "/😀\\/"}),
        ('{"a": "\\ud83d x"}', {"a": "\ufffd x"}),
        ('{"a": 1, "a": 2}', {"a": 2}),
        ('{"a": "2024-01-02", "b": null}', {"a": "2024-01-02", "b": None}),
    ],
)
def test_json_is_read_by_its_own_rules(text: str, expected: object) -> None:
    assert value(text, is_json=True) == expected


@pytest.mark.parametrize(
    ("text", "line"), [('{\n"a": 1\n"b": 2}', 3), ("a: 1", 1), ('{"a": NaN}', 1), ("[" * 100_000, 1)]
)
def test_what_is_no_json_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(UnreadableError) as caught:
        compose(text, is_json=True)
    assert caught.value.line == line
