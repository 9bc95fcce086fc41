"""The 16-digit identity number (NIK): region of first registration, birth date (women: day + 40), serial number.

The birth date inside may differ from the card (Dukcapil keeps a number once issued), so it is a hint only; but a date
that cannot exist, an unknown province or the serial 0000 means that the number was mistyped.
"""

from __future__ import annotations

import datetime as dt
import re

from conversations.reading.reading import Reading
from conversations.reading.spelling import vocabulary

# Two-digit codes of the provinces, those cut off after 2012 included (Kepmendagri 300.2.2-2138/2025).
_PROVINCES = vocabulary(
    "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36 51 52 53 61 62 63 64 65 71 72 73 74 75 76 81 82 91 92 93 "
    "94 95 96 97"
)
_RUN = re.compile(r"(?<![a-z0-9])\d(?:[ .\-/]{0,3}\d)*(?![a-z0-9])", re.IGNORECASE)
_CHUNK = re.compile(r"(?<![a-z0-9])\d(?:[.\-/]?\d)*(?![a-z0-9])", re.IGNORECASE)
_NOT_DIGIT = re.compile(r"\D")
_LONGEST = 200


def read_nik(text: str, today: dt.date) -> Reading:
    """The number as 16 digits; `hint` is the birth date in it.

    Problems: "empty", "not_a_nik", "length" (hint: how many digits), "ambiguous" (hint: the numbers), "region",
    "impossible_date", "serial".
    """
    if len(text) > _LONGEST:
        return Reading(problem="not_a_nik")
    numbers = _numbers(text)
    if not numbers:
        return Reading(problem="not_a_nik" if text.strip() else "empty")
    whole = sorted({number for number in numbers if len(number) == 16})
    if len(whole) > 1:
        return Reading(problem="ambiguous", hint=tuple(whole))
    return _checked(whole[0], today) if whole else Reading(problem="length", hint=max(map(len, numbers)))


def birth_date(nik: str, today: dt.date) -> dt.date | None:
    """The birth date in a NIK, with the latest century that is not in the future; None if there is no such day."""
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    for century in (today.year // 100 * 100, today.year // 100 * 100 - 100):
        try:
            born = dt.date(century + year, month, day - 40 if day > 40 else day)
        except ValueError:
            continue
        if born <= today:
            return born
    return None


def _numbers(text: str) -> list[str]:
    if not text.isascii():
        text = text.encode("ascii", "replace").decode()
    chunks = [_NOT_DIGIT.sub("", run) for run in _CHUNK.findall(text)]
    if any(len(chunk) == 16 for chunk in chunks):
        return chunks
    return [_NOT_DIGIT.sub("", run) for run in _RUN.findall(text)]


def _checked(nik: str, today: dt.date) -> Reading:
    if nik[:2] not in _PROVINCES:
        return Reading(problem="region")
    born = birth_date(nik, today)
    if born is None:
        return Reading(problem="impossible_date")
    if nik[12:] == "0000":
        return Reading(problem="serial")
    return Reading(value=nik, hint=born)
