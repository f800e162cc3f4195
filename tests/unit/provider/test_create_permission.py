from dataclasses import dataclass

import pytest

from rootfi_pulumi.provider import create_permission
from rootfi_pulumi.provider.create_permission import GRANTED, Permission, read_question, write_question
from rootfi_pulumi.provider.phrases import PROGRAM_ENDED

INPUTS = {"integration_type": "XERO", "client_id": "xero-app", "client_secret": "hunter2", "adopt": None}
DIED = f"{PROGRAM_ENDED}\n"


@dataclass
class Request:
    """The part of the engine's `CreateRequest` that the SDK keeps to itself."""

    urn: str


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[bytes | None]:
    """What the program answers, one after the other, where the plugin knows its engine."""
    answers: list[bytes | None] = []
    monkeypatch.setattr(create_permission, "engine_port_of_plugin", lambda: 1)
    monkeypatch.setattr(create_permission, "ask", lambda *_: answers.pop(0))
    return answers


def create(asking: Permission) -> str | None:
    """Ask as a provider does that the SDK has called."""
    request = Request("urn:pulumi:dev::rootfi::type::a")  # noqa: F841 (found in this frame)
    return asking.why_not(INPUTS)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (GRANTED, None),
        (None, None),
        (b"an earlier run\n  1. Look", "an earlier run\n  1. Look"),
        (b"cut off \xe2\x80", "cut off \ufffd"),
        (b"", DIED + "  Run it again:  pulumi up"),
    ],
)
def test_answer_decides_on_the_create(
    answer: bytes | None, why: str | None, answers: list[bytes | None]
) -> None:
    answers.append(answer)
    assert create(Permission()) == why


def test_program_that_no_longer_answers_permits_nothing(answers: list[bytes | None]) -> None:
    answers += [GRANTED, None]
    asking = Permission()
    assert create(asking) is None
    assert str(create(asking)).startswith(DIED)


def test_call_that_is_not_the_engines_is_permitted(answers: list[bytes | None]) -> None:
    assert Permission().why_not(INPUTS) is None


def test_question_holds_no_secret() -> None:
    assert b"hunter2" not in write_question("urn:a", INPUTS)
    assert read_question(write_question("urn:a", INPUTS))[1]["client_id"] == "xero-app"
