"""Yes, no and neither."""

import datetime as dt

import pytest

from conversations.reading.reading import Reading
from conversations.reading.yes_no import read_yes_no

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    "text",
    [
        "ya",
        "iyaaa kak",
        "inggih",
        "nggih mas",
        "muhun",
        "iyo",
        "oke siap",
        "sudah benar",
        "mengapa tidak",
        "👍🏽",
        "lanjut",
        "btl",
        "setujuu",
    ],
)
def test_yes_in_every_form(text: str) -> None:
    """Plain, stretched, abbreviated and regional forms are a yes."""
    assert read_yes_no(text, TODAY) == Reading(True)


@pytest.mark.parametrize(
    "text",
    [
        "tidak",
        "gakk",
        "ora",
        "mboten",
        "henteu",
        "teu hoyong",
        "ndak kak",
        "belum",
        "kurang setuju",
        "jnagn",
        "👎",
        "no thanks",
    ],
)
def test_no_in_every_form(text: str) -> None:
    """Plain, abbreviated and regional forms are a no."""
    assert read_yes_no(text, TODAY) == Reading(False)


@pytest.mark.parametrize(
    "text",
    [
        "bukan tidak mau",
        "gak mungkin nggak",
        "ya tidak",
        "iya kali",
        "mungkin",
        "gak apa-apa",
        "iya, alamatnya pindah",
        "ya ampun",
        "boleh?",
        "gak jadi",
        "tidak paham",
        "sudah belum",
        "mau gak",
        "bulan",
        "susah",
        "👍👎",
        "batal",
    ],
)
def test_what_is_neither_stays_open(text: str) -> None:
    """Double negatives, doubts, questions, commands and answers with more in them are no yes and no no."""
    assert read_yes_no(text, TODAY) == Reading()
