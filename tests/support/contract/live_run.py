"""One run of tools.live against an emulator, in process and without real waits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rootfi_pulumi.api.settings import Settings as ClientSettings
from rootfi_pulumi.emulator import Emulator, Settings
from tests.support.fake_clock import FakeClock
from tools.live.access import Access
from tools.live.emulate import settings_for
from tools.live.exchange import MOST_REQUESTS, Sender
from tools.live.play import Play
from tools.live.questions import QUESTIONS
from tools.live.reading import Answer
from tools.live.table import render_markdown


class EmulatorClock(FakeClock):
    """A clock by whose waits every window of the emulator's rate limit ends."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__()
        self._emulator = emulator

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self._emulator.rate_limit = self._emulator.rate_limit


@dataclass
class Run:
    """What a run saw, said and left. `answers` is by the question's text."""

    play: Play
    requests: int
    lines: list[str]
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def table(self) -> str:
        return render_markdown([(question, self.answers[question.text]) for question in QUESTIONS])

    @property
    def settings(self) -> Settings:
        return settings_for(self.answers.values())


def run(
    emulator: Emulator,
    *,
    clock: FakeClock,
    key: str | None = None,
    say: Callable[[str], None] | None = None,
    most: int = MOST_REQUESTS,
    **access: Any,
) -> Run:
    """Ask an emulator everything, with the key of a new organisation, and with another one's."""
    key = key or emulator.add_organisation()
    access = {"other_key": emulator.add_organisation(), **access}
    lines: list[str] = []

    def heard(line: str) -> None:
        lines.append(line)
        if say:
            say(line)

    sender = Sender(ClientSettings(key, emulator.url), clock, heard, most=most)
    play = Play(Access(emulator.url, key, **access), sender, heard, clean_up_clock=EmulatorClock(emulator))
    seen = play.run()
    answers = {question.text: question.read(seen) for question in QUESTIONS}
    return Run(play, len(seen.exchanges), lines, answers)
