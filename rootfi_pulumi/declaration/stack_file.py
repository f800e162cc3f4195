"""Read a stack's file as Pulumi's engine does, without Pulumi: its config, each value with its line.

Rests on https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from rootfi_pulumi.declaration.settings import INTEGRATIONS, NAMESPACE
from rootfi_pulumi.project.engine_scalars import shown_key
from rootfi_pulumi.project.engine_yaml import (
    Member,
    Node,
    UnreadableError,
    compose,
    plain,
    read,
    repeated_keys,
)
from rootfi_pulumi.project.project import Project, project_of

TEXTS = ("secretsprovider", "encryptedkey", "encryptionsalt")
"""The keys of a stack's file that belong to its encryption; each value is text."""

_KEY = "config: a key has the form namespace:name"
_NAMES = (*TEXTS, "config", "environment")


TWO_WAYS = "is set with and without the project's name, and Pulumi uses either: remove one"
"""What is wrong with an ambiguous key."""


@dataclass(frozen=True)
class StackFile:
    """What a stack's file holds: its config by full keys, of namespace and name.

    `inherited` is the config that the project's own file gives. `is_part` says that the rest may come from
    elsewhere: an environment of Pulumi ESC, or the stacks of a project. `repeated` has what makes the engine
    refuse the file, `ambiguous` the keys that are there with and without the project's name, of which it
    takes either. `encryption` has the file's members that say how its secrets are encrypted.
    """

    members: Mapping[str, Member] = field(default_factory=dict, repr=False)
    repeated: tuple[tuple[int, tuple[str, ...]], ...] = ()
    ambiguous: tuple[tuple[int, str], ...] = ()
    is_part: bool = False
    is_project: bool = False
    inherited: Mapping[str, Any] = field(default_factory=dict, repr=False)
    encryption: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, path: Path, project: Project | None = None) -> Self:
        """Read a stack's file, or the project's own. `project` is by default the one in its folder or above.

        Raises UnreadableError where the engine would refuse the file, and OSError.
        """
        own, root = project is None, read(path)
        project = project or project_of(path)
        if own and project and path.stem == "Pulumi" and _is_project(root):
            config = root.value.get("config") if root else None
            members = dict(_defaults(config, project.name)) if config else {}
            return cls(members, is_part=True, is_project=True)
        file = cls._of(root, project.name if project else None, is_json=path.suffix == ".json")
        return replace(file, inherited=project.config) if project else file

    @classmethod
    def parse(cls, text: str, namespace: str | None = None, *, is_json: bool = False) -> Self:
        """Read a file's text in the same way; `namespace` is the project's, for keys that have none."""
        return cls._of(compose(text, is_json=is_json), namespace, is_json=is_json)

    @classmethod
    def _of(cls, root: Node | None, namespace: str | None, *, is_json: bool) -> Self:
        if root is None or root.value is None:
            return cls()
        _refuse_odd_keys(root)
        if not isinstance(root.value, dict):
            raise UnreadableError(root.line, "is no mapping: write the stack's settings under `config:`")
        _refuse_members(root.value, is_json=is_json)
        config, environment = root.value.get("config"), root.value.get("environment")
        found = list(_config(config, namespace)) if config else []
        members = dict(found)
        for member in members.values():
            # The engine refuses infinity and NaN in any key, so `plain` must raise here.
            plain(member.node)
        # JSON may repeat a key; the engine uses the last value.
        repeated = () if is_json else tuple(repeated_keys(root))
        ambiguous = tuple(
            (each.line, key)
            for key, each in found
            if each is not members[key] and key.startswith(f"{NAMESPACE}:")
        )
        has_environment = environment is not None and environment.node.value not in (None, [])
        encryption = {name: plain(root.value[name].node) for name in TEXTS if name in root.value}
        return cls(members, repeated, ambiguous, has_environment, encryption=encryption)

    @property
    def config(self) -> dict[str, Any]:
        """The `rootfi:` keys alone, as the program gets them, but for ciphertext. Raises UnreadableError."""
        values = {
            key: value_of(key, member.node)
            for key, member in self.members.items()
            if key.startswith(f"{NAMESPACE}:")
        }
        return {key: _in_text(value) for key, value in values.items()} if self.is_project else values

    @property
    def declared(self) -> object:
        """The declaration of the file or the project; None if neither has one."""
        inherited = self.inherited.get(INTEGRATIONS.key)
        return self.config.get(INTEGRATIONS.key, parsed(inherited))

    def line(self, path: tuple[str, ...]) -> int:
        """Return the line of the deepest key of a path that is in the file; 1 if none is."""
        key, *rest = (INTEGRATIONS.key, *path[1:]) if path[0] == INTEGRATIONS.name else path
        member = self.members.get(key)
        for part in rest:
            inner = member.node.value if member else None
            found = inner.get(part) if isinstance(inner, dict) else None
            if found is None:
                break
            member = found
        return member.line if member else 1


def _is_project(root: Node | None) -> bool:
    # A stack's file may be called Pulumi.yaml, too, but has neither of these keys.
    return bool(root and isinstance(root.value, dict) and {"name", "runtime"} <= root.value.keys())


def _refuse_odd_keys(node: Node) -> None:
    # The engine stops at the first mapping that has a key of another type than text.
    if isinstance(node.value, dict) and not node.is_text:
        if node.odd_key:
            raise UnreadableError(node.odd_key, "a key is no text: put it in quotes")
        for member in node.value.values():
            _refuse_odd_keys(member.node)
    elif isinstance(node.value, list):
        for each in node.value:
            _refuse_odd_keys(each)


def _refuse_members(members: Mapping[str, Member], *, is_json: bool) -> None:
    for name, member in members.items():
        value = member.node.value
        is_text = not isinstance(value, dict | list) and (not is_json or isinstance(value, str | None))
        if name in TEXTS and not is_text:
            raise UnreadableError(member.line, f"{name}: must be text")
        # In JSON, the engine accepts a name in any case, but reads its value by other rules.
        if is_json and name not in _NAMES and name.lower() in _NAMES:
            raise UnreadableError(member.line, f"{name}: write it as {name.lower()}")


def _config(config: Member, namespace: str | None) -> Iterator[tuple[str, Member]]:
    inner = config.node.value
    if inner is None:
        return
    if not isinstance(inner, dict):
        raise UnreadableError(config.line, "config: must be a mapping of the stack's settings")
    for key, member in inner.items():
        own, colon, name = key.partition(":")
        if not colon and not config.node.is_text:
            # If one key is not text, the engine adds the project's name to no key, and drops the key null.
            if key != shown_key(None):
                raise UnreadableError(member.line, _KEY)
            continue
        if not colon:
            if namespace is not None:
                yield f"{namespace}:{key}", member
            continue
        if name.startswith("config:"):
            name = name.removeprefix("config:")
        if ":" in name:
            raise UnreadableError(member.line, _KEY)
        yield f"{own}:{name}", member


def _defaults(config: Member, namespace: str) -> Iterator[tuple[str, Member]]:
    """Yield what a project's file gives to every stack."""
    for key, member in _config(config, namespace) if isinstance(config.node.value, dict) else ():
        described = member.node.value
        if not isinstance(described, dict):
            yield key, member
        elif found := described.get("value") or described.get("default"):
            yield key, found


def value_of(key: str, node: Node) -> Any:
    """Return what the program gets for a key: text, or what its JSON holds, but for ciphertext."""
    if type(node.value) is int:
        # An integer on its own keeps its 64 bits; inside JSON the engine makes it a float.
        return str(node.value)
    value = plain(node)
    if value is None:
        # The engine reads a missing value as empty text.
        return ""
    if key == INTEGRATIONS.key:
        return _in_text(parsed(value)) if isinstance(value, str) else value
    # Go writes 1e-7 where Python has 1e-07.
    return json.dumps(value).replace("e-0", "e-") if isinstance(value, bool | int | float) else value


class InText(dict[str, Any]):
    """A mapping of JSON text or of Pulumi.yaml, in which Pulumi decrypts nothing."""


def _in_text(value: object) -> object:
    if isinstance(value, dict):
        return InText({key: _in_text(member) for key, member in value.items()})
    return value


def parsed(value: object) -> object:
    """Return a declaration as a mapping if it is JSON text of one, else as it is."""
    try:
        return json.loads(value) if isinstance(value, str) and value.lstrip().startswith("{") else value
    except (ValueError, RecursionError):
        return value
