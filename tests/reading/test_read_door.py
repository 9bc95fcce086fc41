"""The door `read`."""

import datetime as dt
import json

import pytest

from bot.read import read_lines

TODAY = dt.date(2026, 11, 21)


def test_each_line_gives_one_line_of_json() -> None:
    """Empty lines are read too, and values are whole numbers, ISO dates or null."""
    said = [json.loads(line) for line in read_lines("date", ["tgl 3 maret 85\n", "\n", "besok"], TODAY)]
    assert said == [
        {"text": "tgl 3 maret 85", "value": "1985-03-03", "problem": None},
        {"text": "", "value": None, "problem": "empty"},
        {"text": "besok", "value": None, "problem": "not_a_date"},
    ]


def test_an_unknown_kind_is_refused() -> None:
    """A kind without a reader raises KeyError."""
    with pytest.raises(KeyError):
        list(read_lines("colour", ["merah"], TODAY))
