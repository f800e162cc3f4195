import pytest

from rootfi_pulumi.declaration.ignore_changes import named_members

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
