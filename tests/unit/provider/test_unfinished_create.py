import re

import pytest

from rootfi_pulumi.api.errors import NoAnswer
from rootfi_pulumi.provider.phrases import MAY_EXIST, NOT_DISABLED
from rootfi_pulumi.provider.unfinished_create import describe_unfinished, make_unresolved
from rootfi_pulumi.state import UNFINISHED, is_unresolved

PROPS = {"integration_type": "XERO", "client_id": "app", "client_secret": "hunter2"}
ERROR = NoAnswer("POST", "/integrations", "no answer within 60 s")
OLD_SENTENCE = (
    "since 2026-11-28 12:46:30Z: POST /integrations: no answer: look in RootFi for a XERO integration with client id "
    "app made about then; if it is there, declare `adopt: <its rootfi_id>` and run `pulumi up`, else run "
    "`pulumi up --replace '<urn>'` to create it once more"
)


def test_provisional_id_is_unique() -> None:
    first, second = make_unresolved(PROPS, ERROR)[0], make_unresolved(PROPS, ERROR)[0]
    assert is_unresolved(first)
    assert first != second
    assert not is_unresolved("1234")


def test_unresolved_create_stores_when_and_why_alone() -> None:
    _, outs = make_unresolved(PROPS, ERROR)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ: no answer within 60 s", outs[UNFINISHED])
    assert {name: value for name, value in outs.items() if name != UNFINISHED} == PROPS


@pytest.mark.parametrize(
    ("id_", "unfinished", "line"),
    [
        ("unresolved-1", "2026-11-28 12:46:30Z: no answer", f"{MAY_EXIST} (2026-11-28 12:46:30Z: no answer)"),
        ("1234", "PUT /integrations/1234: 500", f"{NOT_DISABLED} (PUT /integrations/1234: 500)"),
        # As states hold it that were written before the steps were left out.
        (
            "unresolved-1",
            OLD_SENTENCE,
            f"{MAY_EXIST} (2026-11-28 12:46:30Z: POST /integrations: no answer)",
        ),
        (
            "1234",
            "since it was created, as 1234, and not disabled: PUT /integrations/1234: 500",
            f"{NOT_DISABLED} (PUT /integrations/1234: 500)",
        ),
        ("unresolved-1", "of a later version", f"{MAY_EXIST} (of a later version)"),
    ],
)
def test_unfinished_create_is_one_line_from_any_state(id_: str, unfinished: str, line: str) -> None:
    assert describe_unfinished("xero", id_, unfinished) == f"xero: {line}"
