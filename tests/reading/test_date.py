"""Dates, day before month."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.reading.date import read_date
from conversations.reading.reading import Reading

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("tgl 3 maret 85", "1985-03-03"),
        ("tanggal 1 bulan 2 tahun 1990", "1990-02-01"),
        ("12081990", "1990-08-12"),
        ("120890", "1990-08-12"),
        ("17agustus1990", "1990-08-17"),
        ("Bandung, 17-08-1990", "1990-08-17"),
        ("11 pebruari 1980 kak", "1980-02-11"),
        ("dua puluh satu april 90", "1990-04-21"),
        ("5-Mei-78", "1978-05-05"),
        ("1990-12-08", "1990-12-08"),
        ("17 agutsus 1945", "1945-08-17"),
        ("21-11-26", "2026-11-21"),
        ("22-11-26", "1926-11-22"),
    ],
)
def test_a_date_is_read_day_first(text: str, iso: str) -> None:
    """Digits and month names give the date meant; a two-digit year is the latest that is not in the future."""
    assert read_date(text, TODAY) == Reading(dt.date.fromisoformat(iso))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("31-04-2026", "impossible_date"),
        ("12/31/1990", "impossible_date"),
        ("29 feb 01", "impossible_date"),
        ("5 jumi 1990", "not_a_date"),
        ("umur 35", "not_a_date"),
        ("maret 85", "not_a_date"),
        ("besok", "not_a_date"),
        ("3204110609970004", "not_a_date"),
        ("03-03-85 dan 04-04-86", "ambiguous"),
        ("bukan 3 maret 85", "ambiguous"),
        ("-01-01-2026", "not_a_date"),
    ],
)
def test_what_is_no_single_date_is_a_problem(text: str, problem: str) -> None:
    """Days that do not exist, months that cannot be told and doubtful dates are asked again."""
    assert read_date(text, TODAY) == Reading(problem=problem)


def test_a_date_without_year_keeps_what_was_said() -> None:
    """ "5 mei" is a problem whose hint is day and month."""
    assert read_date("5 mei", TODAY) == Reading(problem="no_year", hint=(5, 5))


@given(
    st.dates(dt.date(1926, 11, 22), TODAY),
    st.sampled_from(["%d-%m-%Y", "%d/%m/%y", "%d %m %Y", "%d.%m.%Y", "%d%m%y", "%Y-%m-%d"]),
)
def test_every_birth_date_is_read_in_every_form(day: dt.date, form: str) -> None:
    """A birth date of the last hundred years survives being written with two or four digits of the year."""
    assert read_date(day.strftime(form), TODAY) == Reading(day)
