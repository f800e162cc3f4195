"""Adds members to a stack's file as text, and leaves the existing text unchanged, byte for byte.

ruamel.yaml finds the place and writes the new members as YAML 1.2, which Pulumi reads. Loading and dumping
the whole file with it would keep comments but not spacing, and could move a comment below the integrations.
"""

import io
import json
import textwrap
from collections.abc import Mapping
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from rootfi_pulumi.project.engine_scalars import resolve
from rootfi_pulumi.project.engine_yaml import UnreadableError, compose, plain

# Wide enough that no ciphertext is folded.
_WIDTH = 2**20
_INDENT = 2


class UnsuitableError(ValueError):
    """The members cannot be added without changing existing text. `str()` says why."""


def add_members(text: str, new: Mapping[str, Any]) -> str:
    """Return a YAML mapping's text with new members, such as `{"config": {"rootfi:integrations": {…}}}`.

    If the only member of `new` exists already, its members are added there. Raises UnsuitableError.
    """
    try:
        expected = _merged(_read(text), new)
    except UnreadableError:
        raise UnsuitableError("is not YAML") from None
    try:
        extended = _extended(text, new)
        right = _read(extended) == expected
    except (YAMLError, UnreadableError):
        right = False
    if not right:
        raise UnsuitableError("cannot be extended as it is written: add the new entries by hand")
    return extended


def replace_scalar(text: str, path: tuple[str, ...], mapping: Mapping[str, Any]) -> str:
    """Return the text with this mapping in place of the scalar at a path of keys.

    Raises UnsuitableError if a mapping on the path is written in braces.
    """
    node: Node = YAML().compose(text)
    indent = 0
    for name in path:
        if not isinstance(node, MappingNode) or node.flow_style:
            raise UnsuitableError(f"line {node.start_mark.line + 1}: must be a mapping without braces")
        key, node = next(pair for pair in node.value if pair[0].value == name)
        indent = key.start_mark.column + _INDENT
    end = node.end_mark.index
    # A block scalar ends after the line break of its last line, which must stay.
    end -= end > 0 and text[end - 1] == "\n"
    lines = render_members(mapping, indent).rstrip("\n")
    newline = "\r\n" if "\r\n" in text else "\n"
    kept = text[: node.start_mark.index].rstrip(" ")
    return kept + newline + lines.replace("\n", newline) + text[end:]


def add_members_to_json(text: str, new: Mapping[str, Any]) -> str:
    """Return a JSON object's text with new members, merged likewise. Raises UnsuitableError."""
    try:
        content = json.loads(text) if text.strip() else {}
    except ValueError:
        raise UnsuitableError("is not JSON") from None
    return json.dumps(_merged(content, new), indent=4, ensure_ascii=False) + "\n"


def _read(text: str) -> Any:
    root = compose(text)
    return (plain(root) if root else None) or {}


def _extended(text: str, new: Mapping[str, Any]) -> str:
    node = YAML().compose(text)
    if node is None or _is_empty(node):
        kept = text if node is None else _without(text, node)
        return _with_lines(kept, len(kept.splitlines()), render_members(new))
    while True:
        if not isinstance(node, MappingNode) or node.flow_style:
            line = node.start_mark.line + 1
            raise UnsuitableError(f"line {line}: must be a mapping with a line for each key, without braces")
        indent = node.value[0][0].start_mark.column
        found = [pair for pair in node.value if [pair[0].value] == list(new)]
        if not found:
            return _with_lines(text, _end(node), render_members(new, indent))
        [(key, node)], [new] = found, new.values()
        if _is_empty(node):
            lines = render_members(new, indent + _INDENT)
            return _with_lines(_without(text, node), key.start_mark.line + 1, lines)


def _is_empty(node: Node) -> bool:
    if isinstance(node, ScalarNode):
        return node.style is None and node.value in ("", "~", "null")
    return isinstance(node, MappingNode) and not node.value


def _without(text: str, node: Node) -> str:
    start, end = node.start_mark.index, node.end_mark.index
    return text[:start].rstrip(" ") + text[end:] if end > start else text


def _end(node: Node) -> int:
    """Return the number of lines up to a node's end. Its end mark is after the comments that follow it."""
    while isinstance(node, MappingNode) and node.value and not node.flow_style:
        node = node.value[-1][1]
    mark = node.end_mark
    return int(mark.line + (mark.column > 0))


def _with_lines(text: str, at: int, lines: str) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    kept = text.splitlines(keepends=True)
    if at and not kept[at - 1].endswith("\n"):
        kept[at - 1] += newline
    return "".join([*kept[:at], lines.replace("\n", newline), *kept[at:]])


def render_members(new: Mapping[str, Any], indent: int = 0) -> str:
    """Return a mapping as YAML lines, indented by this many spaces."""
    stream = io.StringIO()
    writer = YAML()
    writer.width = _WIDTH
    writer.dump(_as_written(new), stream)
    return textwrap.indent(stream.getvalue(), " " * indent)


def _as_written(value: Any) -> Any:
    if isinstance(value, Mapping):
        mapping = CommentedMap((_as_written(key), _as_written(member)) for key, member in value.items())
        if list(value) == ["from_env"]:
            mapping.fa.set_flow_style()
        return mapping
    return DoubleQuotedScalarString(value) if isinstance(value, str) and not _is_plain(value) else value


def _is_plain(text: str) -> bool:
    # It is a string by the engine's rules, and by those of older tools, which read yes and 1:30 otherwise.
    # PyYAML raises LookupError and AttributeError for a tag without a fitting value, such as !!int or !!bool.
    try:
        return bool(resolve("", text) == text == yaml.safe_load(text))
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError):
        return False


def _merged(old: Any, new: Any) -> Any:
    if not (isinstance(old, dict) and isinstance(new, Mapping)):
        return new
    return old | {key: _merged(old.get(key), value) for key, value in new.items()}
