"""What we hold, written for people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.held_words import ANSWERS, VERBATIM, HeldWords
from bot.web_app import saying
from bot.wording import load_speech


def words(locale: str) -> HeldWords:
    """The words of a page in a language."""
    return HeldWords(saying(load_speech(locale)), locale)


@pytest.mark.parametrize(
    ("locale", "stored", "written"),
    [
        ("id", "2026-12-01T20:30:00.140091Z", "2 Desember 2026 03:30"),
        ("en", "2026-12-01T20:30:00+00:00", "2 December 2026 03:30"),
        ("su", "1990-08-17", "17 Agustus 1990"),
        ("jv", "2026-12", "Desember 2026"),
        ("id", "2026-13-40", "2026-13-40"),
        ("id", "3273011708900001", "3273011708900001"),
    ],
)
def test_days_and_moments_are_written_as_people_do(locale: str, stored: str, written: str) -> None:
    """Moments in Jakarta's time, days and months by the language; what only looks like one stays."""
    assert words(locale).value("data › since", stored) == written


def test_an_answer_is_named_as_in_the_review() -> None:
    """The page calls an answer what the form called it; every name has words in the catalogue."""
    assert words("en").name("data › birth_date") == "data › Birth date"
    assert all(words("id").name(name) for name in ANSWERS)
    assert words("id").name("enrolments 1 › state") == "enrolments 1 › state"


@given(st.text())
def test_what_somebody_wrote_is_shown_as_they_wrote_it(text: str) -> None:
    """A date in a message stays as it was typed."""
    assert {words("id").value(f"payload 2 › {name}", text) for name in VERBATIM} == {text}


@given(st.from_regex(r"[0-9]{4}-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}\S*)?)?", fullmatch=True))
def test_nothing_that_looks_like_a_day_breaks_the_page(text: str) -> None:
    """Days that no calendar has, and the ends of time, are shown as they are stored."""
    assert words("en").value("data › since", text)
