from collections import Counter
from pathlib import Path

import pytest

from tools.soak.figures import BEGIN, END, FULL_LENGTH, Figures, table, write
from tools.soak.long_lived import Sample
from tools.soak.memory import MIB, Series


def figures(minutes: float = FULL_LENGTH, *, memory: int = 0, peak: float = 0, files: int = 0) -> Figures:
    """Return figures whose values gain so much from each sample to the next."""
    samples = [
        Sample(100 * at, 0, 60 * MIB + memory * at, threads=5, files=8 + files * at) for at in range(11)
    ]
    peaks = Series([(float(at), 50 + peak * at) for at in range(11)])
    return Figures(1, minutes, 4, Counter(up=3), peaks, samples)


def test_what_stays_as_it_is_has_not_grown() -> None:
    assert figures().problems == []


@pytest.mark.parametrize(
    ("grown", "named"),
    [
        (figures(memory=MIB), "the memory of the long-lived provider"),
        (figures(peak=1), "the memory of the plugins"),
        (figures(files=1), "the open files of the long-lived provider"),
    ],
)
def test_what_has_grown_is_named(grown: Figures, named: str) -> None:
    [problem] = grown.problems
    assert problem.startswith(named)


def test_a_short_soak_is_not_judged() -> None:
    assert figures(FULL_LENGTH - 1, memory=MIB).problems == []


def test_the_rows_show_the_seed_and_the_runs() -> None:
    rows = dict(figures().rows())
    assert rows["Length"] == "30 minutes, 4 stacks at once, seed 1"
    assert rows["Runs of the real engine"].startswith("3 up, 0 refresh")


def test_only_text_between_the_markers_is_written(tmp_path: Path) -> None:
    document = tmp_path / "reliability.md"
    document.write_text(f"by hand\n{BEGIN}\nold\n{END}\nby hand, too\n")
    write(document, table([("Length", "30 minutes")]))
    assert document.read_text() == (
        f"by hand\n{BEGIN}\n| | |\n|---|---|\n| Length | 30 minutes |\n{END}\nby hand, too\n"
    )


def test_a_document_without_markers_is_left_alone(tmp_path: Path) -> None:
    document = tmp_path / "reliability.md"
    document.write_text("by hand\n")
    with pytest.raises(ValueError, match="lacks the lines"):
        write(document, "")
    assert document.read_text() == "by hand\n"
