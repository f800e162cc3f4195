"""Measures commands in rounds that alternate between ours and the floors, after a warm-up round."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from bench.rootfi import RootFi
from bench.subjects import Run, Subject

FLOOR, OURS, DECLARED, EMPTY = "no_ops", "integrations", "environment", "empty"


@dataclass(frozen=True)
class Scenario:
    """A command on stacks of `size` resources. RootFi delays each answer by `delay` seconds."""

    title: str
    command: str
    size: int
    state: str
    programs: tuple[str, ...] = (FLOOR, OURS)
    delay: float = 0


@dataclass(frozen=True)
class Measured:
    """Each round's runs by program, and the number of requests to RootFi in the last round."""

    scenario: Scenario
    rounds: list[dict[str, Run]]
    requests: int

    def wall(self, program: str) -> float:
        """Return the median seconds."""
        return median(each[program].wall for each in self.rounds)

    def cpu(self, program: str) -> float:
        """Return the median processor seconds."""
        return median(each[program].cpu for each in self.rounds)

    def ratios(self, program: str, *, cpu: bool = False) -> list[float]:
        """Return each round's ratio to the floor of the same round, sorted."""
        if cpu:
            return sorted(each[program].cpu / each[FLOOR].cpu for each in self.rounds)
        return sorted(each[program].wall / each[FLOOR].wall for each in self.rounds)


def measure(
    scenario: Scenario, subject: Callable[[str, int], Subject], rootfi: RootFi, rounds: int
) -> Measured:
    """Measure a scenario, after a warm-up round."""
    subjects = {program: subject(program, scenario.size) for program in scenario.programs}
    rootfi.answer_after(0)
    for each in subjects.values():
        each.begin(scenario.state)
    results = []
    requests = 0
    for _ in range(rounds + (rounds > 1)):
        runs = {}
        for program, each in subjects.items():
            each.begin(scenario.state)
            rootfi.answer_after(scenario.delay)
            before = rootfi.requests()
            runs[program] = each.run(scenario.command)
            if program != FLOOR:
                requests = rootfi.requests() - before
        results.append(runs)
    # A single round has no warm-up.
    return Measured(scenario, results[1:] or results, requests)
