"""The day of the month on which somebody wants to be reminded."""

from __future__ import annotations

import datetime as dt

import pytest

from conversations.reading.payday import read_payday

DAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tiap tanggal 5 setelah setoran", 5),
        ("Ingatkan saya tiap tgl 25 ya", 25),
        ("ingatin tgl 10 aja", 10),
        ("setiap bulan tanggal 1", 1),
        ("tanggal 7 tiap bulan", 7),
        ("ingatkan setelah gajian, tgl. 28", 28),
    ],
)
def test_a_day_is_read(text: str, day: int) -> None:
    """A day of every month is read, whatever is said around it."""
    assert read_payday(text, DAY).value == day


@pytest.mark.parametrize("text", ["tanggal 5 saya bayar", "tiap tanggal 45", "ingatkan besok", "17 Agustus 1990", ""])
def test_anything_else_is_not(text: str) -> None:
    """A single date, a day no month has, and talk are no payday."""
    assert read_payday(text, DAY).value is None
