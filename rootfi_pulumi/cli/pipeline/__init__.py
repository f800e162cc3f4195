"""Writes the pipeline of a repository for GitHub or GitLab, from the project's stack files.

`render` is the entry for other commands. The modules are loaded when it is called, so that the command line
starts fast.
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rootfi_pulumi.cli.pipeline.options import Options


def render(forge: str, root: Path, options: "Options | None" = None) -> str:
    """Return the text of a project's pipeline.

    `forge` is "github" or "gitlab"; `root` is the project's folder. Raises PipelineError.
    """
    from rootfi_pulumi.cli.pipeline.options import Forge, Options  # noqa: PLC0415
    from rootfi_pulumi.cli.pipeline.rendering import render_file  # noqa: PLC0415

    return render_file(Forge(forge), root, options or Options())
