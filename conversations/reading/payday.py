"""Reading the day of the month that somebody names to be reminded on: "tiap tanggal 5 setelah setoran"."""

from __future__ import annotations

import datetime as dt
import re

from conversations.reading.reading import Reading

_EVERY = r"(?:tiap|setiap|tiap2|saban)(?: bulan)?"
_DAY = r"(?:tanggal|tgl|tg)\.? ?(\d{1,2})"
_NAMED = re.compile(rf"(?:\b{_EVERY} {_DAY}\b|\bingat(?:kan|in)\b[\w ]*? {_DAY}\b|\b{_DAY} {_EVERY})")


def read_payday(text: str, _: dt.date) -> Reading:
    """Read a day from 1 to 31; nothing where no day of every month is named."""
    found = _NAMED.search(" ".join(text.lower().replace(",", " ").split()))
    day = int(next(filter(None, found.groups()))) if found else 0
    return Reading(day) if 1 <= day <= 31 else Reading()
