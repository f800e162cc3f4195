from datetime import UTC, datetime

import pytest

from rootfi_pulumi.cli.report.age import Age, age_of

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("updated", "created", "bounds", "short", "words"),
    [
        ("2026-11-20T12:00:00Z", "2026-11-15T12:00:00Z", (5, 10), "5-10 d", "between 5 and 10 days"),
        ("2026-11-24T12:00:00Z", "2026-11-24T12:00:00Z", (1, 1), "1 d", "1 day"),
        ("2026-11-24T12:00:01Z", None, (0, None), "≥0 d", "at least 0 days"),
        (None, "2026-11-23T12:00:00+02:00", (None, 2), "≤2 d", "at most 2 days"),
        ("2026-11-20T12:00:00", "2026-11-20", (5, 5), "5 d", "5 days"),
        ("2027-01-01T00:00:00Z", "2027-01-01T00:00:00Z", (0, 0), "0 d", "0 days"),
        ("2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z", (5, 5), "5 d", "5 days"),
    ],
    ids=[
        "changed",
        "as made",
        "made unknown",
        "changed unknown",
        "without a zone",
        "a clock ahead",
        "turned",
    ],
)
def test_the_last_change_and_the_creation_are_its_bounds(
    updated: str | None, created: str | None, bounds: tuple[int | None, int | None], short: str, words: str
) -> None:
    age = age_of({"rootfi_updated_at": updated, "rootfi_created_at": created}, NOW)
    assert age == Age(*bounds)
    assert (str(age), age.words) == (short, words)


@pytest.mark.parametrize("told", ["", "yesterday", 1764072000, None, {"secret": "v1:x"}])
def test_an_invalid_time_has_no_age(told: object) -> None:
    assert age_of({"rootfi_updated_at": told, "rootfi_created_at": told}, NOW) is None
