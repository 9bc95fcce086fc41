"""The ages of children, as people list them: "5 sama 9 taun", "yang kecil 8 bulan", "2 anak, umur tiga dan tujuh"."""

from __future__ import annotations

import datetime as dt
import re

from conversations.reading.numerals import figures
from conversations.reading.reading import Reading
from conversations.reading.yes_no import read_yes_no

_OLDEST = 60
_MOST = 12
_LONGEST = 120
_NONE = re.compile(r"\b(?:belum|tidak|gak|ga|nggak|ngga|enggak|gk|tdk|blm|kosong)\b.*\b(?:ada|punya|pny|anak)\b|^0$")
_FROM_HERE = re.compile(r"\b(?:umur|usia|umurnya|usianya|yuswa)\b")
_AGE = re.compile(r"\b(\d{1,3})\s*(?P<months>bulan|bln|bl|wulan|hari|minggu)?")


def read_ages(text: str, today: dt.date) -> Reading:
    """The ages in whole years, a tuple; () for no children. Problems: "empty", "not_ages", "too_old"."""
    if not text.strip():
        return Reading(problem="empty")
    said = figures(" ".join(text[:_LONGEST].lower().split()))
    named = _FROM_HERE.split(said, maxsplit=1)
    found = _AGE.findall(named[1] if len(named) > 1 and _AGE.search(named[1]) else said)
    if not found:
        none = _NONE.search(said) or read_yes_no(text, today).value is False
        return Reading(value=()) if none else Reading(problem="not_ages")
    ages = tuple(0 if months else int(number) for number, months in found)
    if max(ages) > _OLDEST or len(ages) > _MOST:
        return Reading(problem="too_old")
    return Reading(value=() if _NONE.search(said) else ages)
