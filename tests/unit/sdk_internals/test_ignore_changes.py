import pytest

from rootfi_pulumi.sdk_internals.ignore_changes import ignored_members
from tests.support.as_engine import call

MEMBERS = ("client_id", "client_secret", "is_disabled")


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([], set()),
        (["client_secret"], {"client_secret"}),
        (['["client_secret"]'], {"client_secret"}),
        (["client_secret.digest"], {"client_secret"}),
        (["client_id", "is_disabled"], {"client_id", "is_disabled"}),
        (["*"], set(MEMBERS)),
        (["client_secret_version", "metadata.client_id"], set()),
    ],
)
def test_ignored_members_are_those_that_a_path_names(paths: list[str], expected: set[str]) -> None:
    assert call(ignored_members, MEMBERS, ignored=paths) == expected


def test_nothing_is_ignored_without_the_engines_message() -> None:
    request = object()
    assert ignored_members(MEMBERS) == set()
    assert request
