"""A folder of wheels, from which pip and uv install without a network: the package and what it depends on."""

import re
import sys
import zipfile
from importlib.metadata import Distribution, distributions
from pathlib import Path

from tests.support.distribution.installation import build_wheel
from tests.support.pulumi_project import REPOSITORY

# Of an installation, and not of the wheel that it came from.
_WRITTEN_BY_INSTALLER = ("INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")


def fill(folder: Path) -> None:
    """Build the package's wheel, and pack each dependency again as it is installed here."""
    build_wheel(folder)
    locked = re.findall(r"^([a-z0-9-]+)==", (REPOSITORY / "requirements.txt").read_text(), re.MULTILINE)
    for each in distributions(path=[path for path in sys.path if path.startswith(sys.prefix)]):
        if re.sub(r"[-_.]+", "-", each.name).lower() in locked:
            _pack(each, folder)


def options(folder: Path) -> dict[str, str]:
    """Return the variables by which pip and uv take their packages from there alone."""
    return {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(folder),
        "UV_NO_INDEX": "1",
        "UV_FIND_LINKS": str(folder),
        "UV_PYTHON": sys.executable,
        "UV_PYTHON_DOWNLOADS": "never",
    }


def _pack(distribution: Distribution, folder: Path) -> None:
    tags = re.findall(r"^Tag: (.*)$", distribution.read_text("WHEEL") or "", re.MULTILINE)
    columns = zip(*(tag.split("-") for tag in tags), strict=True)
    tag = "-".join(".".join(dict.fromkeys(column)) for column in columns)
    name = re.sub(r"[-_.]+", "_", distribution.name)
    with zipfile.ZipFile(folder / f"{name}-{distribution.version}-{tag}.whl", "w") as wheel:
        for each in distribution.files or ():
            if each.parts[0] != ".." and each.suffix != ".pyc" and each.name not in _WRITTEN_BY_INSTALLER:
                wheel.write(each.locate(), str(each))
