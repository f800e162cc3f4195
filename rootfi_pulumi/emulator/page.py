"""Serve the files of the page from `browser/`."""

from importlib.resources import files
from pathlib import PurePath

from fastapi import APIRouter, HTTPException, Response

from rootfi_pulumi.emulator.control import PREFIX

HOME = f"{PREFIX}/page/index.html"
_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_FILES = {
    file.name: file.read_bytes() for file in files("rootfi_pulumi.emulator").joinpath("browser").iterdir()
}

router = APIRouter(prefix=f"{PREFIX}/page", include_in_schema=False)


@router.get("/{name}")
async def page_file(name: str) -> Response:
    """Return one of the files."""
    if name not in _FILES:
        raise HTTPException(404)
    return Response(_FILES[name], media_type=_TYPES[PurePath(name).suffix])
