"""Finds the template and reads its files."""

from pathlib import Path

# In the wheel its files are next to this module; in a clone it is where `pulumi new` finds it.
_PLACES = (Path(__file__).with_name("files"), Path(__file__).parents[3] / "template")


def read_template() -> dict[str, str]:
    """Return the text of each file by its path in the template, such as stacks/Pulumi.dev.yaml."""
    folder = next(place for place in _PLACES if (place / "Pulumi.yaml").is_file())
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    # pip compiles the template's program where it is installed.
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in files
        if path.parent.name != "__pycache__"
    }
