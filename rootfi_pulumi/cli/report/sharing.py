"""Finds what stacks of a project share in one organisation, from what was read of each stack.

Only API keys that can matter are compared. A key of the environment is not compared: it may differ from
stack to stack.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rootfi_pulumi.cli.report.deployed import Deployed
from rootfi_pulumi.cli.report.equal_keys import compare_keys
from rootfi_pulumi.cli.report.reading import Reading
from rootfi_pulumi.declaration.one_organisation import Holding, Shared, shared, stacks_to_compare
from rootfi_pulumi.declaration.settings import API_KEY, BASE_URL
from rootfi_pulumi.declaration.stack_file import StackFile
from rootfi_pulumi.project.engine_yaml import UnreadableError
from rootfi_pulumi.project.project import Project
from rootfi_pulumi.state import name_of


@dataclass(frozen=True)
class Sharing:
    """What is shared. `unread` lists stacks whose API key, and so their types, could not be compared.

    `keyless` lists those whose file, and the project's, has no API key.
    """

    shared: tuple[Shared, ...] = ()
    unread: tuple[str, ...] = ()
    keyless: tuple[str, ...] = ()


def find_sharing(project: Project, readings: Sequence[Reading], *, is_shown: bool = False) -> Sharing:
    """Compare stacks of a project. Skips what cannot be read; raises nothing.

    `is_shown` shows on a terminal which API keys are being decrypted.
    """
    files = {each.stack: _file(project, each.stack) for each in readings}
    configs = {stack: {**file.inherited, **file.config} for stack, file in files.items()}
    holdings = [each for reading in readings for each in holdings_of(reading, configs[reading.stack])]
    wanted = stacks_to_compare(holdings)
    compared = {stack: files[stack] for stack in configs if API_KEY.key in configs[stack] and stack in wanted}
    keys = compare_keys(project, compared, is_shown=is_shown)
    known = [replace(each, key=keys.get(each.stack) if each.key is not None else None) for each in holdings]
    unread = tuple(stack for stack, key in keys.items() if key is None)
    keyless = tuple(stack for stack, config in configs.items() if API_KEY.key not in config)
    return Sharing(tuple(shared(known)), unread, keyless)


def holdings_of(reading: Reading, config: Mapping[str, object]) -> Iterator[Holding]:
    """Yield the integrations that a stack declares or manages. Their `key` is a placeholder, or None."""
    # Placeholder for a key that is not decrypted yet; None if the config has none.
    key = b"" if API_KEY.key in config else None
    url = config.get(BASE_URL.key)
    base_url = url if isinstance(url, str) else None
    for name, entry in (reading.declared or {}).items():
        ids = frozenset({entry.adopt} if entry.adopt else ())
        yield Holding(reading.stack, name, entry.integration_type, ids, base_url, key)
    for each in reading.deployed or ():
        yield _managed(reading.stack, each, key)


def _managed(stack: str, each: Deployed, key: bytes | None) -> Holding:
    rootfi_id, type_ = each.members.get("rootfi_id"), each.members.get("integration_type")
    return Holding(
        stack,
        name_of(each.urn),
        type_ if isinstance(type_, str) else "",
        frozenset({int(rootfi_id)} if isinstance(rootfi_id, int | float) else ()),
        each.base_url,
        key if each.has_stack_key else None,
    )


def _file(project: Project, stack: str) -> StackFile:
    try:
        return StackFile.read(project.stack_file(stack))
    except (OSError, UnreadableError):
        return StackFile()
