import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootfi_pulumi.api.models import IntegrationType
from rootfi_pulumi.api.suggestions import closest_word
from rootfi_pulumi.declaration.members import BY_NAME
from rootfi_pulumi.declaration.rules import nearest
from rootfi_pulumi.declaration.settings import SETTINGS


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("XER0", "XERO"),
        ("xreo", "XERO"),
        ("WAV", "WAVE"),
        ("Zoho Books", "ZOHO_BOOKS"),
        ("QUICKBOOK", "QUICKBOOKS"),
        ("QUICKBOOKS_ONLINE", "QUICKBOOKS"),
        ("ms-dynamics-365", "MS_DYNAMICS_365"),
        ("MYOB", "MYOB_BUSINESS"),
    ],
)
def test_type_that_is_near_is_suggested(word: str, meant: str) -> None:
    assert closest_word(word, IntegrationType) == meant


@pytest.mark.parametrize(
    "word", ["FRESHBOOKS", "FREEAGENT", "SAGE", "SAGE_50", "BUSINESS", "SANDBOX", "X", "", "?"]
)
def test_type_that_is_near_to_none_or_to_many_is_not_guessed(word: str) -> None:
    assert closest_word(word, IntegrationType) is None


@pytest.mark.parametrize(
    ("word", "meant"), [("baseURL", "baseUrl"), ("api_key", "apiKey"), ("concurency", "concurrency")]
)
def test_setting_that_is_near_is_suggested(word: str, meant: str) -> None:
    assert nearest(word, tuple(each.name for each in SETTINGS), "rootfi:") == f"did you mean rootfi:{meant}?"


def test_member_that_is_near_to_none_lists_them_all() -> None:
    assert nearest("name", tuple(BY_NAME)) == f"use one of {', '.join(BY_NAME)}"


@given(st.text(max_size=200))
def test_any_word_has_one_known_word_or_none(word: str) -> None:
    assert closest_word(word, IntegrationType) in (None, *IntegrationType)


def test_thousands_of_different_words_take_little_time() -> None:
    began = time.process_time()
    for number in range(2000):
        closest_word(f"{number:012}", IntegrationType)
    assert time.process_time() - began < 10
