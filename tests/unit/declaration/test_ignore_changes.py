import pytest

from rootfi_pulumi.declaration.ignore_changes import named_members, other_members

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
def test_named_members_are_those_of_the_paths(paths: list[str], expected: set[str]) -> None:
    assert named_members(MEMBERS, paths) == expected


def test_other_members_keep_their_order() -> None:
    assert other_members(["is_disabled", "client_id", "adopt"], ["client_id"]) == ("is_disabled", "adopt")
