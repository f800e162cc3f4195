"""The last line of a failed step, found by the constants that messages are built with."""

from pathlib import Path

import pytest

from rootfi_pulumi.cli.deployment.advice import find_advice
from rootfi_pulumi.program.create_guard import describe_failure
from rootfi_pulumi.program.refusals import describe_refusal, find_refusal
from rootfi_pulumi.provider.create_watch import describe_ending
from rootfi_pulumi.provider.phrases import DIFFERS, MAY_EXIST
from rootfi_pulumi.provider.unfinished_create import describe_unfinished
from tests.support.traces import INPUTS, MARKED, PENDING, XERO

NO_SUCH_STACK, UNEXPECTED_CHANGES, UNEXPLAINED = 6, 7, 255


def refused(runs: object) -> str:
    return describe_refusal(XERO, str(find_refusal(XERO, INPUTS, runs)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("printed", "advice"),
    [
        (f'error: before hook "rootfi-create" failed: {refused(PENDING)}', "while creating xero, so"),
        (f"error: {refused(MARKED)}", "while creating xero, so"),
        (describe_unfinished("xero", "unresolved-1", "then"), "may not have created xero: follow the steps"),
        (
            describe_unfinished("xero", "1234", "PUT"),
            "xero was created, but not disabled: run this again",
        ),
        (f"error: xero: {DIFFERS} in client_id", "xero is adopted, but differs from the declaration"),
        (
            f"{describe_failure('xero')}: {describe_ending('busy')}",
            "pulumi cancel --stack dev`, then this again",
        ),
        ("xero is unfinished in dev", "may not have xero, since a run was killed"),
        (
            f"wave: {MAY_EXIST} (1)\nxero: {MAY_EXIST} (2)",
            "wave and xero",
        ),
        ("error: something else", "something else; `rootfi-pulumi doctor --stack dev` finds what is missing"),
    ],
)
def test_advice_is_found_by_the_messages_phrase(printed: str, advice: str) -> None:
    found = find_advice("dev", UNEXPLAINED, f"Updating (dev):\n    {printed}\n")
    assert advice in found
    assert "\n" not in found


DOCTOR = "`rootfi-pulumi doctor --stack dev` finds what is missing"


@pytest.mark.parametrize(
    ("printed", "quoted"),
    [
        ("warning: error: no\n", "see the log"),
        ("  error: the first.\n  error: the second\n", "the first"),
        ("\x1b[91merror: \x1b[0mred\x1b[2J\n", "red?[2J"),
        ("error: it failed:\n\nResources:\n", "it failed"),
        ("error: not usable:\n  xero: why\n  wave: why\nerror: x\n", "not usable: xero: why"),
        (
            "error: Program failed:\nTraceback (most recent call last):\n  File\n    x\nValueError: boom\n\n",
            "Program failed: ValueError: boom",
        ),
        ("error: Program failed:\nTraceback (most", "Program failed"),
        # Cut between words: a forge would not mask half of a secret.
        (f"error: {'word ' * 30}{'s' * 90}\n", f"{'word ' * 30}…"),
        (f"error: {'some-' * 60}\n", "…"),
        # The backtick that is cut off is added, since it is Markdown too.
        (f"error: run `pulumi {'x ' * 200}`\n", f"run `pulumi {'x ' * 93}…`"),
    ],
)
def test_advice_quotes_the_first_error(printed: str, quoted: str) -> None:
    assert find_advice("dev", UNEXPLAINED, f"Updating (dev):\n{printed}") == f"{quoted}; {DOCTOR}"


def test_drift_advice_suits_changes_of_either_side() -> None:
    assert find_advice("dev", UNEXPECTED_CHANGES, "error: no changes were expected") == (
        "RootFi and the declaration differ: deploy, or declare what RootFi has"
    )


def test_missing_stack_is_created_only_if_it_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://mine")
    new = "the backend has no stack dev: run `pulumi stack init dev` once, or correct the name"
    assert find_advice("dev", NO_SUCH_STACK, "") == new
    (tmp_path / "Pulumi.yaml").write_text("name: x\nruntime: python\n")
    assert find_advice("dev", NO_SUCH_STACK, "") == new
    (tmp_path / "Pulumi.dev.yaml").write_text("encryptionsalt: v1:abc\n")
    assert find_advice("dev", NO_SUCH_STACK, "").startswith(
        "the backend has no stack dev: dev was probably deployed with another backend than this one (s3://mine)"
    )
