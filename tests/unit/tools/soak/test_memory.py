import pytest

from tools.soak.memory import Series


def test_the_warm_up_does_not_count_as_growth() -> None:
    series = Series([(0, 10), (1, 60), (2, 100), *((at, 100.0) for at in range(3, 11))])
    assert (series.slope, series.growth, series.span("g")) == (0, 0, "100 to 100")


def test_steady_growth_is_returned_per_unit_and_in_total() -> None:
    series = Series([(float(at), 50 + 2.0 * at) for at in range(11)])
    assert series.slope == pytest.approx(2)
    assert series.growth == pytest.approx(16)


@pytest.mark.parametrize("samples", [[], [(1.0, 5.0)], [(1.0, 5.0), (1.0, 6.0)]])
def test_too_few_samples_show_no_growth(samples: list[tuple[float, float]]) -> None:
    assert Series(samples).growth == 0


def test_no_samples_span_nothing() -> None:
    assert Series().span() == "none"
