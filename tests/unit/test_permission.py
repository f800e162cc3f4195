from dataclasses import dataclass

import pytest

from rootfi_pulumi import permission
from rootfi_pulumi.permission import GRANTED, asked, question, why_not_permitted

INPUTS = {"integration_type": "XERO", "client_id": "xero-app", "client_secret": "hunter2", "adopt": None}


@dataclass
class Request:
    """The part of the engine's `CreateRequest` that the SDK keeps to itself."""

    urn: str


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes | None]:
    """What the program answers, by URN, where the plugin knows its engine."""
    answers: dict[str, bytes | None] = {}
    monkeypatch.setattr(permission, "engine_port_of_plugin", lambda: 1)
    monkeypatch.setattr(permission, "ask", lambda _, line, __: answers[asked(line)[0]])
    return answers


def create(urn: str) -> str | None:
    """Ask as a provider does that the SDK has called."""
    request = Request(urn)  # noqa: F841 (found in this frame)
    return why_not_permitted(INPUTS)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (GRANTED, None),
        (None, None),
        (b"xero: not created", "xero: not created"),
        (b"", "the program ended before it said whether this create may go ahead"),
    ],
)
def test_answer_decides_on_the_create(
    answer: bytes | None, why: str | None, answering: dict[str, bytes | None]
) -> None:
    answering["urn:a"] = answer
    assert create("urn:a") == why


def test_call_that_is_not_the_engines_is_permitted(answering: dict[str, bytes | None]) -> None:
    assert why_not_permitted(INPUTS) is None


def test_question_holds_no_secret() -> None:
    assert b"hunter2" not in question("urn:a", INPUTS)
    assert asked(question("urn:a", INPUTS))[1]["client_id"] == "xero-app"
