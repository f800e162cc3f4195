"""Measures the contrast of every control of a page, in every state that a mouse or a keyboard brings about."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

_SCRIPT = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
_DIALOGS = "[...document.querySelectorAll('dialog')].map((each, index) => (each.dataset.dialog = index))"
STATES = ("rest", "hover", "active", "focus", "disabled")


def contrast_problems(page: Page) -> tuple[int, list[str]]:
    """Return how many controls the page has, dialogs included, and what of them is hard to see in which state.

    Text needs 4.5:1 in every state. A boundary needs 3:1 unless the control is disabled, and so does the
    focus indicator. Opens every `details` and leaves it open.
    """
    page.evaluate(_SCRIPT)
    count, problems = _of_part(page, "undefined")
    for number in page.evaluate(_DIALOGS):
        dialog = f"document.querySelector('[data-dialog=\"{number}\"]')"
        page.evaluate(f"{dialog}.showModal()")
        more, found = _of_part(page, dialog)
        page.evaluate(f"{dialog}.close()")
        count, problems = count + more, problems + found
    return count, problems


def _of_part(page: Page, root: str) -> tuple[int, list[str]]:
    count: int = page.evaluate(f"contrast.find({root})")
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    problems = [
        f"{page.evaluate('index => contrast.name(index)', index)}, {state}: {problem}"
        for index in range(count)
        for state, found in _of_control(page, session, index)
        for problem in found
    ]
    session.detach()
    return count, problems


def _of_control(page: Page, session: CDPSession, index: int) -> Iterator[tuple[str, list[str]]]:
    def measure(*, is_focused: bool = False) -> Any:
        return page.evaluate("([index, focused]) => contrast.problems(index, focused)", [index, is_focused])

    page.mouse.move(0, 0)
    yield "rest", measure()
    is_enabled = page.evaluate("index => contrast.isIn(index, ':not(:disabled)')", index)
    point = page.evaluate("index => contrast.point(index)", index)
    if point:  # None of a link that shows only while it has the focus
        page.mouse.move(*point)
        is_under = page.evaluate("index => contrast.isIn(index, ':hover')", index)
        yield "hover", measure() if is_under else ["the mouse does not reach it"]
        _press(session, index, ["active"])
        yield "active", measure()
        _press(session, index, [])
        page.mouse.move(0, 0)
    if is_enabled:
        # After a key, a focus that a script sets is shown as one that the Tab key set.
        page.keyboard.press("Shift")
        is_seen = page.evaluate("index => contrast.focus(index)", index)
        yield "focus", measure(is_focused=True) if is_seen else ["the focus is not shown"]
    if page.evaluate("index => contrast.disable(index, true)", index):
        yield "disabled", measure()
        page.evaluate("([index, disabled]) => contrast.disable(index, disabled)", [index, not is_enabled])


def _press(session: CDPSession, index: int, states: list[str]) -> None:
    """Show a control as pressed, without the effect that a real press would have."""
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    found = {"nodeId": root, "selector": f'[data-control="{index}"]'}
    node = session.send("DOM.querySelector", found)["nodeId"]
    session.send("CSS.forcePseudoState", {"nodeId": node, "forcedPseudoClasses": states})
