"""Finds a folder's Pulumi project: its settings, stack files and stacks.

See https://www.pulumi.com/docs/iac/concepts/projects/project-file/
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from rootfi_pulumi.api.printable import excerpt
from rootfi_pulumi.project import pulumi_cli
from rootfi_pulumi.project.engine_yaml import UnreadableError, plain, read
from rootfi_pulumi.project.pulumi_cli import PulumiError

# In the order in which Pulumi looks for them.
_SETTINGS = ("Pulumi.json", "Pulumi.yaml", "Pulumi.yml")

SELECTION = "PULUMI_STACK"
"""The variable that selects a stack, and overrides `pulumi stack select`."""

# What Pulumi says if the stack of the variable does not exist, too.
_NOT_SELECTED = "no stack selected"
_LONGEST_NAME = 100


class ProjectError(Exception):
    """No project was found, or its file cannot be read. `str()` is one line, with what to do."""


@dataclass(frozen=True)
class Project:
    """A project: the path and content of its file, such as Pulumi.yaml."""

    path: Path
    settings: dict[str, Any]

    @classmethod
    def find(cls, start: Path) -> Self:
        """Return the project of a folder or the nearest one above it, as Pulumi does. Raises ProjectError."""
        path = next(_candidates(start.absolute()), None)
        if path is None:
            raise ProjectError("no Pulumi.yaml here or above: change to a Pulumi project's folder")
        try:
            root = read(path)
            settings = root and plain(root)
        except UnreadableError as error:
            raise ProjectError(f"{path}:{error.line}: {error.what}") from None
        except OSError as error:
            raise ProjectError(f"{path}: {error.strerror}") from None
        if not isinstance(settings, dict):
            raise ProjectError(f"{path}: must be a mapping, with name and runtime")
        return cls(path, settings)

    @property
    def folder(self) -> Path:
        """The project's folder."""
        return self.path.parent

    @property
    def name(self) -> str:
        """The project's name, which is the namespace of config keys without one."""
        return str(self.settings.get("name") or "")

    @property
    def config(self) -> dict[str, Any]:
        """The config that every stack inherits unless its file overrides it, by full keys."""
        config = self.settings.get("config")
        values: dict[str, Any] = {}
        for key, entry in config.items() if isinstance(config, dict) else ():
            # A mapping describes the key; anything else is its value.
            given = entry if isinstance(entry, dict) else {"value": entry}
            for member in ("value", "default"):
                if given.get(member) is not None:
                    values[key if ":" in key else f"{self.name}:{key}"] = given[member]
        return values

    @property
    def stack_folder(self) -> Path:
        """The folder of the stack files: `stackConfigDir`, by default the project's folder."""
        config = self.settings.get("config")
        # A string in `config` is the former name of `stackConfigDir`.
        older = config if isinstance(config, str) else "."
        # Pulumi resolves an absolute path in the project's folder too.
        return self.folder / str(self.settings.get("stackConfigDir") or older).lstrip("/")

    def stack_file(self, stack: str) -> Path:
        """Return the path of a stack's file, which may not exist. `stack` may be qualified."""
        return self.stack_folder / f"Pulumi.{stack.rpartition('/')[2]}{self.path.suffix}"

    def stack_files(self) -> dict[str, Path]:
        """Return the existing stack files by the names of their stacks."""
        suffix = self.path.suffix
        found = sorted(self.stack_folder.glob(f"Pulumi.*{suffix}"))
        return {
            path.name.removeprefix("Pulumi.").removesuffix(suffix): path
            for path in found
            if path.stem != "Pulumi"
        }

    def stack_names(self) -> list[str]:
        """Return the names of the project's stacks in the backend. Raises PulumiError."""
        try:
            return [str(each["name"]) for each in json.loads(self.pulumi("stack", "ls", "--json"))]
        except (ValueError, KeyError, TypeError):
            raise PulumiError("pulumi stack ls --json printed no list of stacks") from None

    def selected_stack(self) -> str:
        """Return the stack that `pulumi stack select` or PULUMI_STACK chose. Raises PulumiError."""
        try:
            return self.pulumi("stack", "--show-name").strip()
        except PulumiError as error:
            if _NOT_SELECTED in str(error) and (name := selection()):
                what = f"the backend has no stack {name}, which {SELECTION} selects"
                raise PulumiError(f"{what}: correct or unset {SELECTION}") from None
            raise

    def program_mentions(self, text: str) -> bool:
        """Return whether a Python file of the program has this text, where Pulumi starts it."""
        main = self.folder / str(self.settings.get("main") or ".")
        files = main.glob("*.py") if main.is_dir() else [main]
        with suppress(OSError):
            return any(text.encode() in path.read_bytes() for path in files)
        return False

    def pulumi(self, *args: str, stdin: str = "") -> str:
        """Run `pulumi` in the project's folder and return what it prints. Raises PulumiError."""
        return pulumi_cli.run(*args, folder=self.folder, stdin=stdin)


def selection() -> str:
    """Return the name of the stack that the variable selects, in a printable form, or ""."""
    return excerpt(os.environ.get(SELECTION, ""), _LONGEST_NAME)


def project_of(path: Path) -> Project | None:
    """Return the project to which a stack's file belongs, or None."""
    try:
        return Project.find(path.parent)
    except ProjectError:
        return None


def _candidates(start: Path) -> Iterator[Path]:
    for folder in (start, *start.parents):
        yield from (folder / name for name in _SETTINGS if (folder / name).is_file())
