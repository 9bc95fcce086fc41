"""Amounts of money."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.reading.money import read_money
from conversations.reading.reading import Reading

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [
        ("1,5jt sebulan lah", 1_500_000),
        ("dua setengah juta", 2_500_000),
        ("Rp.500.000,-", 500_000),
        ("1.500.000,00", 1_500_000),
        ("sejuta setengah", 1_500_000),
        ("2 juta 500 ribu", 2_500_000),
        ("1 jt 200", 1_200_000),
        ("1jt2", 1_200_000),
        ("dua belas juta lima ratus", 12_500_000),
        ("telung atus ewu", 300_000),
        ("duaratus limapuluh ribu", 250_000),
        ("cepek ceng", 100_000),
        ("kurang lebih 2 juta", 2_000_000),
        ("2jt/bln", 2_000_000),
        ("anak 2, sebulan 3 juta", 3_000_000),
        ("minus 5 ribu", -5_000),
        ("0", 0),
    ],
)
def test_one_amount_is_read_in_whole_rupiah(text: str, rupiah: int) -> None:
    """Figures, words, slang and regional numbers give the rupiah meant."""
    assert read_money(text, TODAY) == Reading(rupiah)


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("100rb sehari", "per_day", 100_000),
        ("80-100rb sehari", "per_day", 90_000),
        ("300rb/minggu", "per_week", 300_000),
        ("24 juta setahun", "per_year", 24_000_000),
        ("15rb per order", "per_piece", 15_000),
        ("1-2 juta", "range", (1_000_000, 2_000_000)),
        ("satu dua juta", "range", (1_000_000, 2_000_000)),
        ("500rb sampai 1jt", "range", (500_000, 1_000_000)),
        ("3M", "ambiguous", (3_000_000, 3_000_000_000)),
        ("cepek", "ambiguous", (100, 100_000)),
        ("1.250jt", "ambiguous", (1_250_000_000, 1_250_000)),
        ("50rb x 25 hari", "ambiguous", (50_000,)),
        ("gak sampe sejuta", "below", 1_000_000),
        ("di atas 3 juta", "above", 3_000_000),
        ("50rb buat apa", "question", None),
        ("gak tentu", "not_money", None),
        ("081234567890", "not_money", None),
        ("3204110609970004", "not_money", None),
        ("sejak 2019", "not_money", None),
        ("2kg", "not_money", None),
    ],
)
def test_what_can_be_understood_in_two_ways_is_a_problem_with_a_hint(text: str, problem: str, hint: object) -> None:
    """Ranges, daily takings, slang, limits and numbers that are no money give a named problem and never a value."""
    assert read_money(text, TODAY) == Reading(problem=problem, hint=hint)


@given(st.integers(min_value=0, max_value=999_999_999))
def test_grouped_figures_are_read_exactly(rupiah: int) -> None:
    """An amount with Indonesian thousand points is read to the rupiah."""
    assert read_money(f"Rp {rupiah:,}".replace(",", "."), TODAY) == Reading(rupiah)


@given(st.integers(min_value=1, max_value=99), st.integers(min_value=1, max_value=9))
def test_decimal_millions_are_read_exactly(whole: int, tenth: int) -> None:
    """ "3,7jt" is 3,700,000."""
    assert read_money(f"{whole},{tenth}jt", TODAY) == Reading(whole * 1_000_000 + tenth * 100_000)
