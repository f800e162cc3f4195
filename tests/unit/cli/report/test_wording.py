import pytest

from rootfi_pulumi.cli.report.matrix import Cell, Column
from rootfi_pulumi.cli.report.states import State
from rootfi_pulumi.cli.report.wording import describe_comparison, describe_overlaps, list_words
from rootfi_pulumi.declaration.one_organisation import Holding, Shared
from tests.support.pages.small_matrix import matrix_of

HAS = {"xero": Cell((State.ENABLED,))}
KEY, OTHER = b"one", b"other"


def of(what: int | str, keys: dict[str, bytes | None], name: str = "xero") -> Shared:
    return Shared(what, tuple(Holding(stack, name, key=key) for stack, key in keys.items()))


def sentences(*shared: Shared) -> list[str]:
    return [sentence for sentence, _ in describe_overlaps(shared)]


def test_same_id_with_the_same_key_is_certain() -> None:
    [sentence] = sentences(of(1001, {"dev": KEY, "u": KEY}))
    assert sentence == (
        "dev and u manage the same integration, 1001 (xero): "
        "destroying one of these stacks disables it for all"
    )


@pytest.mark.parametrize("other", [OTHER, None])
def test_same_id_without_the_same_key_is_conditional(other: bytes | None) -> None:
    [sentence] = sentences(of(1001, {"dev": KEY, "u": other}))
    assert sentence.endswith(
        ": if their API keys are of one organisation, destroying one of these stacks disables it for all"
    )


def test_ids_of_the_same_stacks_are_one_sentence() -> None:
    both: dict[str, bytes | None] = {"dev": KEY, "u": KEY}
    [sentence] = sentences(of(1001, both), of(1002, both, "wave"))
    assert sentence == (
        "dev and u manage the same integrations, 1001 (xero) and 1002 (wave): "
        "destroying one of these stacks disables them for all"
    )


def test_same_type_says_how_many_integrations() -> None:
    [sentence] = sentences(of("XERO", {"dev": KEY, "qa": KEY, "u": KEY}))
    assert sentence == (
        "dev, qa and u have the same API key and each has XERO (xero): "
        "one organisation gets 3 integrations of this type"
    )


def test_an_integration_of_two_names_shows_both() -> None:
    found = Shared(1001, (Holding("dev", "xero"), Holding("u", "xero-copy")))
    assert "1001 (xero, xero-copy)" in sentences(found)[0]


def test_sentence_comes_with_what_it_is_about() -> None:
    one, two, third = of(1, {"a": KEY, "b": KEY}), of(2, {"a": KEY, "b": KEY}), of(3, {"a": KEY, "c": KEY})
    assert [found for _, found in describe_overlaps([one, third, two])] == [[one, two], [third]]


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "0"), (2, "0 and 1"), (3, "0, 1 and 2"), (12, "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more")],
)
def test_long_list_is_cut_short(number: int, text: str) -> None:
    assert list_words([str(each) for each in range(number)]) == text


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ((Column("dev", {}),), "nothing to compare with RootFi"),
        (
            (Column("dev", {}), Column("qa", HAS)),
            "0 of 1 stack compared with RootFi; nothing to compare in dev",
        ),
        (
            (Column("dev", HAS, is_compared=True), Column("qa", HAS)),
            "1 of 2 stacks compared with RootFi, all but qa",
        ),
        (
            (Column("dev", HAS, is_compared=True), *(Column(name, HAS) for name in "abcde")),
            "1 of 6 stacks compared with RootFi, all but a, b, c and 2 more",
        ),
    ],
)
def test_comparison_counts_stacks_that_have_something(columns: tuple[Column, ...], words: str) -> None:
    assert describe_comparison(matrix_of(*columns), "stack") == words
