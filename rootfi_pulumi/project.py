"""The Pulumi project in a folder: its settings, its stacks' files, and its selected stack.

Rests on https://www.pulumi.com/docs/iac/concepts/projects/project-file/
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from rootfi_pulumi import pulumi_cli

_SETTINGS = "Pulumi.yaml"


class ProjectError(Exception):
    """There is no project, or its settings cannot be read; `str()` is one line with what to do next."""


@dataclass(frozen=True)
class Project:
    """A project: the folder of its Pulumi.yaml, and what stands there."""

    folder: Path
    settings: dict[str, Any]

    @classmethod
    def find(cls, start: Path) -> Self:
        """Return the project of a folder or of the nearest one above, as Pulumi does. Raises ProjectError."""
        start = start.absolute()
        folder = next((each for each in (start, *start.parents) if (each / _SETTINGS).is_file()), None)
        if folder is None:
            raise ProjectError(f"no {_SETTINGS} here or above: run it in a Pulumi project's folder")
        try:
            settings = yaml.safe_load((folder / _SETTINGS).read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            raise ProjectError(f"{folder / _SETTINGS}: cannot be read ({type(error).__name__})") from None
        if not isinstance(settings, dict):
            raise ProjectError(f"{folder / _SETTINGS}: must be a mapping, with name and runtime")
        return cls(folder, settings)

    @property
    def stack_folder(self) -> Path:
        """Where the stacks' files are: `stackConfigDir`, by default the project's folder."""
        return self.folder / str(self.settings.get("stackConfigDir") or ".")

    def stack_file(self, stack: str) -> Path:
        """Return the path of a stack's file, whether it exists or not; `stack` may be qualified."""
        return self.stack_folder / f"Pulumi.{stack.rpartition('/')[2]}.yaml"

    def stack_files(self) -> dict[str, Path]:
        """Return the files that exist, by the names of their stacks."""
        found = sorted(self.stack_folder.glob("Pulumi.*.yaml"))
        return {path.name.removeprefix("Pulumi.").removesuffix(".yaml"): path for path in found}

    def selected_stack(self) -> str:
        """Return the name of the stack that `pulumi stack select` chose. Raises PulumiError."""
        return self.pulumi("stack", "--show-name").strip()

    def pulumi(self, *args: str, stdin: str = "") -> str:
        """Run `pulumi` on this project and return what it prints. Raises PulumiError."""
        return pulumi_cli.run(*args, folder=self.folder, stdin=stdin)
