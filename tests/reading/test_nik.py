"""The NIK."""

import datetime as dt

import pytest

from conversations.reading.nik import birth_date, read_nik
from conversations.reading.reading import Reading

TODAY = dt.date(2026, 11, 21)
NIK = "3204110609970004"


@pytest.mark.parametrize(
    "text", [NIK, "3204.1106.0997.0004", "3204 1106 0997 0004", f"NIK: {NIK}", f"nik saya {NIK} hp 081234567890"]
)
def test_one_number_is_found_in_the_text(text: str) -> None:
    """Points, spaces, words and a phone number beside it do not hide the one 16-digit number; its date is a hint."""
    assert read_nik(text, TODAY) == Reading(NIK, hint=dt.date(1997, 9, 6))


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("320411060997000", "length", 15),
        (NIK + "1", "length", 17),
        ("9904110609970004", "region", None),
        ("3204110613970004", "impossible_date", None),
        ("3204117202970004", "impossible_date", None),
        ("3204110609970000", "serial", None),
        (f"{NIK} dan 3171015508950001", "ambiguous", ("3171015508950001", NIK)),
        ("belum punya", "not_a_nik", None),
        (NIK + "a", "not_a_nik", None),
    ],
)
def test_a_mistyped_number_is_named(text: str, problem: str, hint: object) -> None:
    """Length, province, date and serial are checked, and two numbers are not chosen between."""
    assert read_nik(text, TODAY) == Reading(problem=problem, hint=hint)


def test_the_date_of_a_woman_is_forty_days_later_and_never_in_the_future() -> None:
    """Day 55 is day 15, and year 27 is 1927 while it is 2026."""
    assert birth_date("3171015508950001", TODAY) == dt.date(1995, 8, 15)
    assert birth_date("3171011508270001", TODAY) == dt.date(1927, 8, 15)
