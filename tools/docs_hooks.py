"""Hooks that mkdocs calls for each page of the documentation; mkdocs.yml names this file under `hooks`."""

import re
from typing import Protocol

_DIALOG = 'data-md-component="search" role="dialog"'
_CELL_CODE = re.compile(r"(?<=<code>)[^<]+(?=</code>)")
_CELL = re.compile(r"<t[dh]\b.*?</t[dh]>", re.DOTALL)
_FAULTS = "faults.md"
# The search leaves it out: the cells repeat the same few words more than a thousand times.
_LARGE = '<div class="large" role="region" aria-label="All faults" tabindex="0" data-search-exclude><table'


class _File(Protocol):
    src_uri: str


class _Page(Protocol):
    file: _File


def on_page_content(html: str, *, page: _Page, **_: object) -> str:
    """Let code in a table break between words alone, and mark the table of faults."""
    html = _CELL.sub(_with_whole_names, html)
    if page.file.src_uri != _FAULTS:
        return html
    before, table = html.rsplit("<table", 1)
    return f"{before}{_LARGE}{table.replace('</table>', '</table></div>')}"


def on_post_page(output: str, **_: object) -> str:
    """Give the theme's search dialog a name for screen readers."""
    return output.replace(_DIALOG, f'{_DIALOG} aria-label="Search"')


def _with_whole_names(cell: re.Match[str]) -> str:
    return _CELL_CODE.sub(_unbroken, cell[0])


def _unbroken(code: re.Match[str]) -> str:
    return re.sub(r"\S+", r'<span class="name">\g<0></span>', code[0])
