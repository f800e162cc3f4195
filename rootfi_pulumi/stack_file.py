"""Reads a stack's file as text, without Pulumi: what is wrong in it, and on which line.

Rests on https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
"""

import math
from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

import yaml

from rootfi_pulumi.api.settings import base_url_problem, concurrency_problem, timeout_problem
from rootfi_pulumi.api.validation import id_problem
from rootfi_pulumi.config import Integrations, read_integrations
from rootfi_pulumi.plain_secrets import INTEGRATIONS, is_encrypted, plain_secrets_of
from rootfi_pulumi.problems import ConfigError, Problem
from rootfi_pulumi.rules import unknown_settings

ENCRYPTED = "encrypted"
"""Stands for an encrypted value, whose text nobody here can read."""

# Of a stack file, each alias counted as what it stands for.
_MOST_NODES = 20_000
# PyYAML lets through what its tags and escapes trip over.
_NOT_YAML = (yaml.YAMLError, ValueError, LookupError, AttributeError, OverflowError, RecursionError)
_PROBLEMS = {
    "rootfi:baseUrl": base_url_problem,
    "rootfi:timeoutSeconds": timeout_problem,
    "rootfi:concurrency": concurrency_problem,
}


class Located(NamedTuple):
    """A mistake and its line in the file, from 1."""

    line: int
    message: str


class Adoption(NamedTuple):
    """An `adopt` in a stack file: its line, from 1, the name of its entry, and the id."""

    line: int
    name: str
    rootfi_id: int


def problems_in(text: str) -> list[Located]:
    """Return every mistake of a stack file's `rootfi:` settings, by line; no credential is in a message."""
    try:
        document = yaml.compose(text, Loader=yaml.SafeLoader)
        if _unfolded(document, {}) > _MOST_NODES:
            return [Located(1, f"has more than {_MOST_NODES} values: write less, and no aliases of aliases")]
        return _problems_of(document, yaml.safe_load(text))
    except _NOT_YAML as error:
        mark = getattr(error, "problem_mark", None)
        # The errors of later stages quote what stands there, which may be a secret that lacks its quotes.
        told = isinstance(error, yaml.scanner.ScannerError | yaml.parser.ParserError)
        what = getattr(error, "problem", "") if told else "put values that begin with * & or ! in quotes"
        return [Located(mark.line + 1 if mark else 1, f"is not YAML: {what}")]


def _unfolded(node: yaml.Node | None, known: dict[yaml.Node, float]) -> float:
    """Count the nodes from this one on; those of one that holds itself are without end."""
    if node is None:
        return 0
    if node not in known:
        known[node] = math.inf
        inner = node.value if isinstance(node, yaml.CollectionNode) else ()
        inner = chain.from_iterable(inner) if isinstance(node, yaml.MappingNode) else inner
        known[node] = 1 + sum(_unfolded(each, known) for each in inner)
    return known[node]


def _problems_of(document: yaml.Node | None, content: object) -> list[Located]:
    config = content.get("config") if isinstance(content, dict) else None
    # An environment of Pulumi ESC may bring the rest of the config, or all of it.
    elsewhere = isinstance(content, dict) and "environment" in content
    if not isinstance(config, dict):
        told = "has no config: write the stack's settings under `config:`"
        return [] if elsewhere else [Located(1, told)]
    problems = [
        *(Problem(path, "stands twice: only the last counts") for path in _repeated(document)),
        *plain_secrets_of(config),
        *unknown_settings(config),
        *_settings(config),
    ]
    if INTEGRATIONS in config:
        problems += _integrations(config[INTEGRATIONS])
    elif not elsewhere and any(str(key).startswith("rootfi:") for key in config):
        problems.append(Problem((INTEGRATIONS,), "is not set: name the integrations, or write {} for none"))
    return sorted(Located(_line(document, problem.path), str(problem)) for problem in problems)


def integrations_in(text: str) -> Integrations:
    """Return what a stack file declares; a credential that is encrypted is a text that stands for it.

    Raises ConfigError for what `problems_in` finds in it, and if the declaration is encrypted or elsewhere.
    """
    config = (yaml.safe_load(text) or {}).get("config") or {}
    declared = config.get(INTEGRATIONS)
    if declared is None or is_encrypted(declared):
        raise ConfigError([Problem((INTEGRATIONS,), "is encrypted, or not in this file")])
    return read_integrations(_without_ciphertext(declared))


def adoptions_in(text: str) -> list[Adoption]:
    """Return every usable `adopt` of a stack file, also where other members of the file are mistaken."""
    try:
        document = yaml.compose(text, Loader=yaml.SafeLoader)
    except _NOT_YAML:
        return []
    declared = plain_config(text).get(INTEGRATIONS)
    return [
        Adoption(_line(document, ("integrations", str(name), "adopt")), str(name), int(entry["adopt"]))
        for name, entry in (declared.items() if isinstance(declared, dict) else ())
        if isinstance(entry, dict) and not id_problem(entry.get("adopt"))
    ]


def plain_config(text: str) -> dict[Any, Any]:
    """Return a stack file's `config`, with ciphertext as it is; empty if it has none or is not usable."""
    try:
        document = yaml.compose(text, Loader=yaml.SafeLoader)
        content = None if _unfolded(document, {}) > _MOST_NODES else yaml.safe_load(text)
    except _NOT_YAML:
        return {}
    config = content.get("config") if isinstance(content, dict) else None
    return config if isinstance(config, dict) else {}


def _settings(config: dict[Any, Any]) -> Iterator[Problem]:
    for setting, problem_of in _PROBLEMS.items():
        value = config.get(setting)
        if value is None or is_encrypted(value):
            continue
        if problem := problem_of(str(value)):
            yield Problem((setting,), problem)


def _integrations(declared: object) -> list[Problem]:
    if is_encrypted(declared):
        return []
    try:
        read_integrations(_without_ciphertext(declared))
    except ConfigError as error:
        return error.problems
    return []


def _without_ciphertext(value: Any) -> Any:
    if is_encrypted(value):
        return ENCRYPTED
    if isinstance(value, dict):
        return {key: _without_ciphertext(member) for key, member in value.items()}
    return value


def _repeated(node: yaml.Node | None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    seen = set()
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        name = str(key.value)
        here = (*path, name)
        if name in seen:
            yield tuple("integrations" if part == INTEGRATIONS else part for part in here[1:]) or here
        seen.add(name)
        yield from _repeated(value, here)


def _line(document: yaml.Node | None, path: tuple[str, ...]) -> int:
    """The line of the deepest key of the path that is in the file."""
    keys = ("config", INTEGRATIONS, *path[1:]) if path[0] == "integrations" else ("config", *path)
    node, line = document, 1
    for key in keys:
        entries = node.value if isinstance(node, yaml.MappingNode) else []
        found = next((entry for entry in entries if str(entry[0].value) == key), None)
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return int(line)
