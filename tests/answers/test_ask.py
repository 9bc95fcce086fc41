"""The door `ask`: a line of JSON for each line of text."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from bot.ask import ask_lines, load_entries

TODAY = dt.date(2026, 11, 21)


def test_each_line_has_its_answer() -> None:
    """Every line in, empty ones too, gives one line out, with the text as it came."""
    lines = ["bayarnya berapa sebulan\n", "\n", "halo\n"]
    said = [msgspec.json.decode(line) for line in ask_lines(lines, TODAY)]
    assert [row["text"] for row in said] == ["bayarnya berapa sebulan", "", "halo"]
    assert [row["topic"] for row in said] == ["contribution", None, None]
    assert [row["answer"] is None for row in said] == [False, True, True]
    assert set(said[0]) == {"text", "topic", "score", "answer"}


def test_an_answer_is_true_on_its_date() -> None:
    """The same question is answered with the price of the day."""
    question = ["bayarnya berapa sebulan"]
    now, later = (next(ask_lines(question, day)) for day in (TODAY, dt.date(2027, 4, 1)))
    assert "Rp8.400" in now
    assert "Rp8.400" not in later


def test_a_locale_without_answers_is_refused() -> None:
    """Asking in a language that there is not is an error, not silence."""
    with pytest.raises(FileNotFoundError):
        load_entries("xx")
