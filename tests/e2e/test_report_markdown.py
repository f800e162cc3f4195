"""The report's Markdown in Chromium, in the width that GitHub gives a summary."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from playwright.sync_api import Browser

from rootfi_pulumi.cli.report.markdown import render_markdown
from tests.support.pages.browser import visit
from tests.support.pages.large_matrix import TWELVE_STACKS

pytestmark = pytest.mark.browser

# As https://github.com/sindresorhus/github-markdown-css has it, in a job's summary of 830 px.
_GITHUB = """<!doctype html><meta charset="utf-8"><style>
body { width: 830px; margin: 0; font: 16px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif }
table { display: block; width: max-content; max-width: 100%; overflow: auto; border-collapse: collapse }
th, td { padding: 6px 13px; border: 1px solid #d0d7de }
th { font-weight: 600 }
code { font-size: 85%; padding: .2em .4em; white-space: break-spaces; font-family: ui-monospace, monospace }
</style>"""

_EMOJI = '<span style="letter-spacing: 12px">o</span>'
_BROKEN_IDS = """each => [...each.querySelectorAll("td:not(:first-child)")].filter((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    return new Set([...range.getClientRects()].map((box) => Math.round(box.bottom / 12))).size > 1;
}).map((cell) => cell.textContent)"""


@pytest.mark.parametrize("first", [0, 3, 6])
def test_six_stacks_fit_a_summary_without_scrolling(chromium: Browser, tmp_path: Path, first: int) -> None:
    six = replace(TWELVE_STACKS, columns=TWELVE_STACKS.columns[first : first + 6])
    markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
    page = tmp_path / "summary.html"
    # An emoji is 22 px wide; a machine without a font for it would show a narrower box.
    rendered = re.sub("[🟢⚪🟡🟣🔴🟠]|⚠️", _EMOJI, str(markdown.render(render_markdown(six))))
    page.write_text(_GITHUB + rendered, encoding="utf-8")
    with visit(chromium, page.as_uri()) as visited:
        table = visited.page.locator("table").first
        wide, room = table.evaluate("each => [each.scrollWidth, each.clientWidth]")
        assert wide <= room <= 830
        height = "each => Math.max(...[...each.rows].map(row => row.getBoundingClientRect().height))"
        rows = visited.page.locator("table tbody").first
        # A long name may take two lines; a mark and its id never do.
        assert rows.evaluate(height) < 70
        assert table.evaluate(_BROKEN_IDS) == []
        assert not visited.page.locator("details").first.evaluate("each => each.open")
