import sys
import traceback

import pytest

from rootfi_pulumi.sdk_internals.shown_error import make_shown_error


def create() -> None:
    raise make_shown_error("xero: not created", "POST /integrations: 401\n  Check the key.")


def test_error_is_shown_without_its_class(monkeypatch: pytest.MonkeyPatch) -> None:
    # As `plugin_process` sets it, and as the SDK formats what a provider raises.
    monkeypatch.setattr(sys, "tracebacklimit", 0, raising=False)
    try:
        create()
    except Exception:  # noqa: BLE001 (as the SDK catches it)
        shown = traceback.format_exc()
    assert shown == "xero: not created: POST /integrations: 401\n  Check the key.\n"


def test_beginning_may_be_any_text() -> None:
    assert type(make_shown_error("a \0 b\u20ac", "")).__name__ == "a  b\u20ac"
