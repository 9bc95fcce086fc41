"""What operators do not see."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.masking import masked_number, masked_text, masked_words

LONG = st.text("0123456789", min_size=8, max_size=20)
SEPARATOR = st.sampled_from(["", " ", ".", "-", " - ", "/", "\u00a0"])


@given(LONG, SEPARATOR, st.sampled_from(["", "NIK saya ", "no ", "+"]), st.sampled_from(["", " ya", "!"]))
def test_long_numbers_are_hidden_however_they_are_written(digits: str, between: str, before: str, after: str) -> None:
    """Of a number with eight digits or more at most the last three are left."""
    shown = masked_text(before + between.join(digits) + after)
    assert len(re.findall(r"\d", shown)) <= 3
    assert shown.startswith(before.removesuffix("+"))
    assert shown.endswith(after)


@pytest.mark.parametrize(
    "text",
    [
        "Rp12.400 untuk 1 bulan (tarif normal Rp24.800)",
        "Rp 10.500.000 sebulan",
        "iuran 2026-12, 3 bulan",
        "umur 35, anak 2, jam 08.30",
        "telepon 175",
    ],
)
def test_amounts_months_and_small_numbers_stay(text: str) -> None:
    """What an operator must read to help is not hidden."""
    assert masked_text(text) == text


@pytest.mark.parametrize("text", ["Rp3273011708900001", "Rp 0812 3456 7890", "rp3273.0117.0890.0001"])
def test_a_number_is_not_an_amount_because_it_says_so(text: str) -> None:
    """A number that is not written as an amount is hidden also behind "Rp"."""
    assert len(re.findall(r"\d", masked_text(text))) <= 3


def test_a_birth_date_in_digits_is_hidden_whole() -> None:
    """Of eight digits none is shown."""
    assert masked_text("lahir 17-08-1990 ya") == "lahir •••• ya"


def test_fields_keep_just_enough_to_compare() -> None:
    """A number keeps its last three digits, a name its first letters."""
    assert masked_number("3273011708900001") == "••••001"
    assert masked_words("Budi Santoso") == "B•••• S••••"
