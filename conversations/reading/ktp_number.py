"""The NIK on a picture: sixteen digits, of which some may look like letters, and when they are sure.

Nothing is made up here. What letters stand for is suggested only, and a number counts as sure only where everything
else that the card tells speaks for it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import NamedTuple

from conversations.reading.nik import birth_date, read_nik

LOOKS_LIKE = str.maketrans("OoDQUIl|!itLZzEeAhSsGb?TB&gq", "0000011111112233445566778899")
"""Which digit a letter is taken for in a row of digits."""
SURE = 0.90
"""From this score on a reader of pictures is seldom wrong about a row of digits."""

_RUN = re.compile(r"[0-9OoDQUIl|!itLZzEeAhSsGb?TB&gq]{15,20}")
_MOST_LETTERS = 5


class Number(NamedTuple):
    """A NIK as it was read: its `digits`, whether letters were taken for digits, and the reader's score."""

    digits: str
    repaired: bool
    score: float


def find_number(text: str, score: float, today: dt.date) -> Number | None:
    """Find a NIK in a line of text; one of another length is none, except that a colon may have become a digit."""
    for run in _RUN.findall(re.sub(r"[\s.:;,\-]", "", text)):
        digits = run.translate(LOOKS_LIKE)
        letters = sum(not c.isdecimal() for c in run)
        if letters > _MOST_LETTERS:
            continue
        for candidate in (digits, digits[1:] if len(digits) == 17 else ""):
            if len(candidate) == 16 and read_nik(candidate, today).value:
                return Number(candidate, letters > 0 or candidate != digits, score)
    return None


def is_sure(number: Number, again: str, born: str, sex: str, today: dt.date) -> bool:
    """Tell whether a NIK may be shown as read: no letter among its digits, a good score, the same digits on a second
    look (`again`, "" for none taken), and the date and sex inside it are those printed on the card."""
    hidden = birth_date(number.digits, today)
    same_date = hidden is not None and hidden.isoformat() == born
    same_sex = not sex or (sex == "female") == (int(number.digits[6:8]) > 40)
    return not number.repaired and number.score >= SURE and again == number.digits and same_date and same_sex


def has_witness(number: Number, again: str, born: str, today: dt.date) -> bool:
    """Tell whether anything else speaks for a NIK: a second look, or the printed date. Without that it is a guess, and
    not even suggested."""
    hidden = birth_date(number.digits, today)
    return again == number.digits or (hidden is not None and hidden.isoformat() == born)


def best(numbers: Iterable[Number | None]) -> Number | None:
    """The one that needs the least belief: as it stands before repaired, then by score."""
    found = [number for number in numbers if number]
    return max(found, key=lambda number: (not number.repaired, number.score), default=None)
