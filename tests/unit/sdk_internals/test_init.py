"""The list of what rests on undocumented behaviour, in the package's docstring."""

import re
import tomllib
from pathlib import Path

from rootfi_pulumi import sdk_internals

FOLDER = Path(sdk_internals.__file__ or "").parent
REPOSITORY = FOLDER.parents[1]
LIST = sdk_internals.__doc__ or ""


def test_list_names_every_module() -> None:
    modules = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert set(re.findall(r"^- `(\w+)`:", LIST, re.MULTILINE)) == modules


def test_list_names_the_versions_in_use() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    locked = re.search(r"^pulumi==(\S+)", (REPOSITORY / "requirements.txt").read_text(), re.MULTILINE)
    assert locked
    checked = re.search(r"SDK (\S+), the lowest .* and the engine ([\d.]+)\.", LIST)
    assert checked
    assert checked.groups() == (locked[1], project["tool"]["pulumi"]["cli"])
