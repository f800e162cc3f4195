import pytest

from rootfi_pulumi.api.errors import NoAnswer, NotSent, RootFiError, UnreadableAnswer, error_class
from rootfi_pulumi.api.outcome import Outcome, classify

WHERE = ("POST", "/integrations", "why")
TURNED_AWAY = [301, 302, 307, 308, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 503]
UNKNOWN = [303, 408, 499, 500, 501, 502, 504, 505, 520, 524, 599]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, Outcome.LANDED),
        (NotSent(*WHERE), Outcome.NOT_SENT),
        (NoAnswer(*WHERE), Outcome.UNKNOWN),
        (UnreadableAnswer(*WHERE), Outcome.UNKNOWN),
        (RootFiError(*WHERE), Outcome.UNKNOWN),
        *((error_class(status)(*WHERE, status=status), Outcome.TURNED_AWAY) for status in TURNED_AWAY),
        *((error_class(status)(*WHERE, status=status), Outcome.UNKNOWN) for status in UNKNOWN),
    ],
)
def test_outcome_of_a_post(error: RootFiError | None, expected: Outcome) -> None:
    assert classify(error) is expected
