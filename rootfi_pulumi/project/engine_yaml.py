"""Reads YAML as Pulumi's engine does, with the same values and errors, and with line numbers.

The engine's library, yaml.v3, is a port of libyaml. This module uses libyaml's parser and interprets its
events as yaml.v3 does.

See https://pkg.go.dev/gopkg.in/yaml.v3. Tests compare this module with the engine.
"""

import math
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml import events

from rootfi_pulumi.project.engine_json import NotJsonError, as_yaml
from rootfi_pulumi.project.engine_scalars import Date, UnsuitableTagError, as_json, resolve, short, shown_key

# Deeper than any config, and within Python's recursion limit.
_DEEPEST = 200
_TOO_DEEP = f"is nested more than {_DEEPEST} levels deep"
_QUOTE = "put a value that begins with * & or ! in quotes"
# A JSON escape that yaml.v3 does not support.
_SLASH = re.compile(r"(?<!\\)(?:\\\\)*\\/")
_OWN_VERSION = (1, 1)


class UnreadableError(ValueError):
    """The engine rejects the text. `line` counts from 1; `what` says why without quoting the text."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line = line
        self.what = what


class Member(NamedTuple):
    """A mapping's value, with the line of its key."""

    line: int
    node: "Node"


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """A value and its line, from 1: a scalar, a list of nodes, or a dict of members by their keys.

    `is_text` says whether the engine reads every key as a string. `odd_key` is the line of the first key that
    is not a string. `repeated` lists keys that are set more than once, with their lines; the engine rejects
    these. `size` and `depth` count nodes and levels, with aliases expanded.
    """

    line: int
    value: Any
    size: int = 1
    depth: int = 1
    is_text: bool = True
    odd_key: int | None = None
    repeated: tuple[tuple[int, str], ...] = ()


@dataclass(slots=True)
class _Child:
    """A node in its collection. `key` identifies it as a key; `is_text` says whether it is a string."""

    node: Node
    key: tuple[str, str] = ("", "")
    is_text: bool = False
    is_merge: bool = False
    is_alias: bool = False


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been parsed yet."""

    line: int
    is_mapping: bool
    is_flow: bool
    anchor: str | None
    children: list[_Child] = field(default_factory=list)


def read(path: Path) -> Node | None:
    """Read a YAML file, or a JSON file if its name ends in .json. Raises UnreadableError and OSError."""
    content = path.read_bytes()
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError(line, "is not UTF-8") from None
    return compose(text, is_json=path.suffix == ".json")


def compose(text: str, *, is_json: bool = False) -> Node | None:
    """Return the first document of a text, or None if it has none. Raises UnreadableError."""
    # The engine skips a byte order mark at the beginning of any line, libyaml only at the text's.
    text = re.sub(r"^\ufeff", "", text, flags=re.MULTILINE)
    try:
        return _Composer(as_yaml(text) if is_json else text, is_json=is_json).composed()
    except NotJsonError as error:
        raise UnreadableError(error.line, error.what) from None
    except yaml.MarkedYAMLError as error:
        # libyaml reports an unexpected end after the last line.
        line = min(error.problem_mark.line + 1, len(text.splitlines()) or 1) if error.problem_mark else 1
        raise UnreadableError(line, f"is not YAML: {error.problem or 'it ends unexpectedly'}") from None
    except (yaml.YAMLError, UnicodeError):
        raise UnreadableError(1, "is not YAML: it contains characters that YAML does not allow") from None


class _Composer:
    def __init__(self, text: str, *, is_json: bool) -> None:
        self._text = text
        self._is_json = is_json
        self._has_slash = "\\/" in text
        self._anchors: dict[str, _Child | None] = {}
        self._open: list[_Open] = []
        self._count = 0
        self._aliased = 0

    def composed(self) -> Node | None:
        parser = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
        parsed = yaml.parse(self._text, Loader=parser)
        for event in parsed:
            if (
                isinstance(event, events.DocumentStartEvent)
                and (event.version or _OWN_VERSION) != _OWN_VERSION
            ):
                raise UnreadableError(1, "is not YAML: Pulumi only reads version 1.1: remove the %YAML line")
            child = self._child(event)
            if child and self._open:
                self._open[-1].children.append(child)
            elif child:
                _scan_on(parsed)
                return child.node
        return None

    def _child(self, event: events.Event) -> _Child | None:
        """Return the node that this event completes, or None."""
        match event:
            case events.ScalarEvent():
                return self._anchored(event.anchor, self._scalar(event))
            case events.AliasEvent():
                return self._alias(event)
            case events.MappingStartEvent() | events.SequenceStartEvent():
                self._begin(event)
            case events.MappingEndEvent() | events.SequenceEndEvent():
                ended = self._open.pop()
                return self._anchored(ended.anchor, _Child(_collection(ended)))
        return None

    def _anchored(self, anchor: str | None, child: _Child) -> _Child:
        if anchor is not None:
            self._anchors[anchor] = child
        return child

    def _begin(self, event: events.CollectionStartEvent) -> None:
        line = _line(event)
        if len(self._open) >= _DEEPEST:
            raise UnreadableError(line, _TOO_DEEP)
        self._count += 1
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        is_mapping = isinstance(event, events.MappingStartEvent)
        self._open.append(_Open(line, is_mapping, bool(event.flow_style), event.anchor))

    def _scalar(self, event: events.ScalarEvent) -> _Child:
        self._count += 1
        line, text = _line(event), event.value
        if self._has_slash and event.style == '"' and _SLASH.search(self._shown(event)):
            raise UnreadableError(line, "is not YAML: Pulumi does not support the escape \\/: write /")
        if "?" in text and not event.style and self._open and self._open[-1].is_flow:
            raise UnreadableError(
                line, "is not YAML: Pulumi does not allow ? in braces or brackets: put it in quotes"
            )
        tag = "" if event.tag in (None, "!") else short(event.tag)
        if not tag and event.style:
            tag = "!!str"
        try:
            value = resolve(tag, text)
        except UnsuitableTagError as error:
            raise UnreadableError(line, f"is not YAML: {error}: {_QUOTE}") from None
        # Also in quotes: the engine writes what it has read without them, and reads that again.
        is_merge = not self._is_json and value == "<<"
        # To the engine, a scalar with another tag is not a string; this only matters for keys.
        is_text = is_merge or tag == "!!str" or (not tag and type(value) is str)
        return _Child(Node(line, value), ("scalar", text), is_text, is_merge)

    def _shown(self, event: events.Event) -> str:
        start, end = event.start_mark, event.end_mark
        return self._text[start.index : end.index] if start and end else ""

    def _alias(self, event: events.AliasEvent) -> _Child:
        line = _line(event)
        if event.anchor not in self._anchors:
            raise UnreadableError(line, f"is not YAML: an alias has no anchor: {_QUOTE}")
        child = self._anchors[event.anchor]
        if child is None:
            raise UnreadableError(line, "is not YAML: an anchor's value contains itself")
        size = child.node.size
        self._count += 1 + size
        self._aliased += size
        if self._aliased > 100 and self._count > 1000 and self._aliased > self._count * _allowed(self._count):  # noqa: PLR2004
            raise UnreadableError(line, "has more nested aliases than Pulumi allows: write them out")
        return _Child(child.node, ("alias", event.anchor), child.is_text, is_alias=True)


def _scan_on(following: Iterator[events.Event]) -> None:
    # The engine also scans, but does not parse, the end of the document and a token of the next one.
    with suppress(yaml.parser.ParserError):
        list(islice(following, 3))


def _line(event: events.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _allowed(count: int) -> float:
    """Return the share of all nodes that may come from aliases, as yaml.v3 limits it."""
    few, many = 400_000, 4_000_000
    return 0.99 - 0.89 * (min(max(count, few), many) - few) / (many - few)


def _collection(ended: _Open) -> Node:
    nodes = [child.node for child in ended.children]
    size = 1 + sum(child.node.size + child.is_alias for child in ended.children)
    depth = 1 + max((node.depth for node in nodes), default=0)
    if depth > _DEEPEST:
        raise UnreadableError(ended.line, _TOO_DEEP)
    if not ended.is_mapping:
        return Node(ended.line, nodes, size, depth)
    keys, values = ended.children[::2], ended.children[1::2]
    members: dict[str, Member] = {}
    merged: _Child | None = None
    for key, value in zip(keys, values, strict=True):
        if isinstance(key.node.value, dict | list):
            raise UnreadableError(key.node.line, "is not YAML: a key must be a string")
        if key.is_merge:
            merged = value
        else:
            members[shown_key(key.node.value)] = Member(key.node.line, value.node)
    return Node(
        ended.line,
        members | _merged(members, merged) if merged else members,
        size,
        depth,
        is_text=all(key.is_text for key in keys),
        odd_key=next((key.node.line for key in keys if not _is_text(key.node.value)), None),
        repeated=_repeated(keys),
    )


def _is_text(key: object) -> bool:
    return isinstance(key, str) and not isinstance(key, Date)


def _repeated(keys: list[_Child]) -> tuple[tuple[int, str], ...]:
    # Keys are compared as written: 1 and 0x1 differ, 1 and "1" do not.
    seen: set[tuple[str, str]] = set()
    again = []
    for key in keys:
        if key.key in seen:
            again.append((key.node.line, key.key[1]))
        seen.add(key.key)
    return tuple(again)


def _merged(members: dict[str, Member], merged: _Child) -> dict[str, Member]:
    """Return the members that << merges in. For a key in several mappings, the first one counts."""
    several = isinstance(merged.node.value, list) and not merged.is_alias
    more: dict[str, Member] = {}
    for node in merged.node.value if several else [merged.node]:
        if not isinstance(node.value, dict):
            raise UnreadableError(
                merged.node.line, "is not YAML: << requires a mapping, or a list of mappings"
            )
        more = node.value | more
    return {key: member for key, member in more.items() if key not in members}


def plain(node: Node) -> Any:
    """Return a value as the program gets it: JSON types, with dates as strings. Raises UnreadableError."""
    value = node.value
    if isinstance(value, dict):
        return {key: plain(member.node) for key, member in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise UnreadableError(node.line, "is infinite or NaN, which Pulumi cannot store: put it in quotes")
    # The engine stores signed 64-bit integers as they are, and other numbers as floats.
    return as_json(float(value)) if isinstance(value, float) or _is_great(value) else value


def _is_great(value: object) -> bool:
    return isinstance(value, int) and value >= 2**63


def repeated_keys(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the line and the path of every key that is set more than once."""
    seen: set[int] = set()
    waiting: list[tuple[Node, tuple[str, ...]]] = [(node, path)]
    while waiting:
        node, path = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield from ((line, (*path, key)) for line, key in node.repeated)
        if isinstance(node.value, dict):
            waiting += [(member.node, (*path, key)) for key, member in node.value.items()]
        elif isinstance(node.value, list):
            waiting += [(each, path) for each in node.value]
