"""Mobile numbers."""

import datetime as dt

import pytest

from conversations.reading.phone import read_phone
from conversations.reading.reading import Reading

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    "text",
    [
        "081234567890",
        "+62 812-3456-7890",
        "62 812 3456 7890",
        "0812 . 3456 - 7890",
        "(0812) 3456-7890",
        "wa saya 81234567890 ya kak",
        "O81234567890",
        "+62 (0)812 3456 7890",
        "0062 81234567890",
    ],
)
def test_every_way_of_writing_gives_one_number(text: str) -> None:
    """0, 62, +62, nothing in front, spaces, dashes and brackets all lead to E.164."""
    assert read_phone(text, TODAY) == Reading("+6281234567890")


@pytest.mark.parametrize(
    "text", ["0212345678", "08001234567", "+8612345678", "081234567", "081234567890123456", "3204110609970004"]
)
def test_what_is_no_indonesian_mobile_is_refused(text: str) -> None:
    """Fixed lines, free numbers, other countries, wrong lengths and a NIK are not mobiles."""
    assert read_phone(text, TODAY) == Reading(problem="not_mobile")


def test_two_numbers_are_not_chosen_between() -> None:
    """Two mobiles in one text are a problem that names both."""
    reading = read_phone("081234567890/085234567890", TODAY)
    assert reading == Reading(problem="ambiguous", hint=("+6281234567890", "+6285234567890"))


def test_words_are_no_phone() -> None:
    """A text without a number is named so."""
    assert read_phone("gak punya hp", TODAY) == Reading(problem="not_a_phone")
