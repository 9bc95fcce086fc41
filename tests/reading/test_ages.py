"""The ages of children, however they are listed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.reading.ages import read_ages

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("5 dan 9", (5, 9)),
        ("5,9 sama 12 taun", (5, 9, 12)),
        ("2 anak, umur tiga dan tujuh", (3, 7)),
        ("yang kecil 8 bulan, kakaknya 4 tahun", (0, 4)),
        ("umurnya sebelas", (11,)),
        ("anaknya satu umur 6", (6,)),
        ("belum punya anak", ()),
        ("gak ada", ()),
        ("0", ()),
        ("tidak", ()),
    ],
)
def test_ages_are_read(text: str, ages: tuple[int, ...]) -> None:
    """Ages are whole years; months make a baby, and no children are no ages."""
    assert read_ages(text, TODAY).value == ages


@pytest.mark.parametrize(
    ("text", "problem"), [("", "empty"), ("masih kecil", "not_ages"), ("umur 99", "too_old"), ("1 " * 20, "too_old")]
)
def test_what_is_no_age_is_a_problem(text: str, problem: str) -> None:
    """Words without ages, and ages no child has, are named problems."""
    assert read_ages(text, TODAY).problem == problem


@given(text=st.text(max_size=200))
def test_any_text_is_ages_or_a_problem(text: str) -> None:
    """Whatever is typed, the ages are those of children, or there is a problem."""
    reading = read_ages(text, TODAY)
    assert (reading.value is None) != (reading.problem is None)
    assert all(0 <= age <= 60 for age in reading.value or ())


@given(ages=st.lists(st.integers(1, 30), min_size=1, max_size=6))
def test_ages_written_out_are_read_back(ages: list[int]) -> None:
    """Ages listed with commas are read as they are."""
    assert read_ages(", ".join(map(str, ages)), TODAY).value == tuple(ages)
