"""The environment, and the consent."""

import io

import pytest

from tools.live.access import KEY, OTHER_ID, OTHER_KEY, URL, Access, UsageError, confirm, read

ENVIRON = {KEY: "the-key-2710", URL: "https://api.rootfi.dev/"}
ACCESS = Access("https://api.rootfi.dev", "the-key-2710")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_access_is_read_from_the_environment() -> None:
    others = {OTHER_KEY: "another", OTHER_ID: "12"}
    assert read(ENVIRON | others) == Access("https://api.rootfi.dev", "the-key-2710", "another", "12")


def test_second_organisation_is_optional() -> None:
    assert read(ENVIRON | {OTHER_KEY: "", OTHER_ID: ""}) == ACCESS


def test_access_repr_hides_the_keys() -> None:
    assert "2710" not in repr(read(ENVIRON | {OTHER_KEY: "other-2710"}))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({KEY: ""}, f"{KEY} must be set: see docs/live.md"),
        ({KEY: "", URL: ""}, f"{KEY} and {URL} must be set: see docs/live.md"),
        ({KEY: "two\nlines-2710"}, f"{KEY} has white space"),
        ({URL: "http://api.rootfi.dev"}, f"{URL} must start with https://"),
        ({OTHER_KEY: " spaced-2710"}, f"{OTHER_KEY} has white space"),
        ({OTHER_KEY: "the-key-2710"}, f"{OTHER_KEY} must be the key of another organisation"),
        ({OTHER_ID: "../1"}, f"{OTHER_ID} must be an id of letters, digits and hyphens"),
    ],
)
def test_unusable_variable_is_named(changes: dict[str, str], problem: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(ENVIRON | changes)
    assert (str(raised.value).startswith(problem), "2710" in str(raised.value)) == (True, False)


@pytest.mark.parametrize(("stdin", "yes"), [(Terminal("yes\n"), False), (io.StringIO(), True)])
def test_consent_is_typed_or_given_by_option(stdin: io.StringIO, yes: bool) -> None:
    stderr = io.StringIO()
    confirm(ACCESS, 25, yes=yes, stdin=stdin, stderr=stderr)
    assert "https://api.rootfi.dev up to 25 requests" in stderr.getvalue()


@pytest.mark.parametrize("stdin", [io.StringIO("yes\n"), Terminal("y\n"), Terminal("no\n"), Terminal("")])
def test_without_consent_it_says_how_to_give_it(stdin: io.StringIO) -> None:
    with pytest.raises(UsageError, match="make test-live LIVE_OPTIONS=--yes"):
        confirm(ACCESS, 25, yes=False, stdin=stdin, stderr=io.StringIO())
