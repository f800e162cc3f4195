"""The table, and the settings that play it."""

import pytest

from rootfi_pulumi.emulator import MethodAnswers, RateLimit, Settings
from tools.live.emulate import is_playable, is_surprise, settings_for
from tools.live.questions import QUESTIONS
from tools.live.reading import Answer
from tools.live.table import describe_setting, render_markdown

QUESTION = next(each for each in QUESTIONS if each.settings == ("bad_key",))


def test_table_has_a_row_for_each_question() -> None:
    lines = render_markdown([(question, Answer("x")) for question in QUESTIONS]).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == [f"| {each.text}" for each in QUESTIONS]


def test_row_has_every_column() -> None:
    line = render_markdown([(QUESTION, Answer("403", {"bad_key": 403}))]).splitlines()[-1]
    assert line == (
        "| A bad API key | assumed: 401 | 403 | the advice to check the key; `doctor` looks for it "
        "| `bad_key: 403` |"
    )


def test_table_survives_a_bar() -> None:
    assert r"a\|b" in render_markdown([(QUESTION, Answer("a|b"))])


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (Answer("403", {"bad_key": 403}), "`bad_key: 403`"),
        (Answer("500", {"bad_key": 500}), "`bad_key`: not playable"),
        (Answer("200: not refused"), "`bad_key`"),
    ],
)
def test_setting_is_shown_if_it_is_playable(answer: Answer, shown: str) -> None:
    assert (describe_setting(QUESTION, answer), is_playable(answer)) == (shown, shown == "`bad_key: 403`")


def test_settings_are_those_of_all_answers() -> None:
    answers = [
        Answer("", {"post.status": 201, "post.envelope": "bare"}),
        Answer("", {"post.secrets": "null"}),
        Answer("", {"rate_limit.requests": 50, "rate_limit.seconds": 60.0, "rate_limit.reset": "seconds"}),
        Answer("", {"rate_limit.retry_after": "date"}),
        Answer("", {"bad_key": 500}),
    ]
    assert settings_for(answers) == Settings(
        post=MethodAnswers(status=201, envelope="bare", secrets="null"),
        rate_limit=RateLimit(requests=50, retry_after="date"),
    )


def test_retry_after_without_a_limit_is_left_out() -> None:
    assert settings_for([Answer("seconds", {"rate_limit.retry_after": "seconds"})]) == Settings()


@pytest.mark.parametrize(
    ("answer", "surprise"),
    [
        (Answer("401", {"bad_key": 401}), False),
        (Answer("403", {"bad_key": 403}), True),
        (Answer("shown", {"get.secrets": "plain"}), False),
        (Answer("masked", {"get.secrets": "masked"}), True),
        (Answer("200: not refused"), True),
        (Answer("not answered: why", is_answered=False), False),
        (Answer("none", {"rate_limit": None}), False),
    ],
)
def test_surprise_differs_from_the_default(answer: Answer, surprise: bool) -> None:
    assert is_surprise(answer) is surprise


def test_every_setting_has_its_question() -> None:
    asked = {name.partition(".")[0] for question in QUESTIONS for name in question.settings}
    # These are for all methods; each has its own.
    assert asked == set(Settings.model_fields) - {"secrets", "mask"}
