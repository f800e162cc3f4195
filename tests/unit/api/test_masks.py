import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootfi_pulumi.api.masks import hides_part, is_mask

MASKS = [
    "",
    "********",
    "**",
    "xx",
    "xxxxxxxx",
    "XXXX",
    "####",
    "----",
    "●●●●",
    "•••••••",
    "[REDACTED]",
    " [REDACTED] ",
    "[redacted:4f2a]",
    "[client secret hidden]",
    "<hidden>",
    "<not shown>",
    "{client_secret}",
    "{}",
    "[**]",
    "<…>",
    "sk_live_…4f2a",
    "sk_live_...4f2a",
    "...4f2a",
    "sk_live_…",
    "****abcd",
    "ab***cd",
    "ab•••cd",
    "ab●●●cd",
]
SECRETS = [
    "x",
    "*",
    "aaaa1111",
    "xX12",
    "xX",
    "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
    "8Q~a.b..c-_~*x**y",
    "ab##cd",
    "REDACTED]",
    "[REDACTED",
    "[REDACTED}",
    "a[REDACTED]",
    "{a: b}",
    '{"a": "b"}',
    "<a&b>",
    "[a,b]",
    "p.a..s-s",
    "hunter2",
]


@pytest.mark.parametrize("text", MASKS)
def test_mask_is_recognised(text: str) -> None:
    assert is_mask(text)


@pytest.mark.parametrize("text", SECRETS)
def test_secret_is_no_mask(text: str) -> None:
    assert not is_mask(text)


@given(character=st.characters(), length=st.integers(2, 100))
def test_repeated_character_of_any_kind_is_a_mask(character: str, length: int) -> None:
    assert is_mask(character * length)


@given(secret=st.binary(min_size=16, max_size=64).map(bytes.hex).filter(lambda text: len(set(text)) > 1))
def test_hex_is_no_mask(secret: str) -> None:
    assert not is_mask(secret)


def test_long_text_takes_no_time() -> None:
    assert not is_mask("[" + "a" * 65_000 + "!]")
    assert not is_mask("[" + "a-" * 32_000 + "]")


@pytest.mark.parametrize("text", ["11", "[app]"])
def test_id_in_brackets_or_of_one_digit_hides_nothing(text: str) -> None:
    assert not hides_part(text)
