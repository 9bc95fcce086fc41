"""How what we hold is written for people: moments, days and months as their language writes them (CLDR), answers by the
names that the form's review gives them. The file for machines has everything as it is stored."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from babel.dates import format_datetime

from bot.channels.web import Say
from conversations.months import JAKARTA
from conversations.speech import WRITTEN, date_in_words, month_in_words

WITHIN = " › "
"""Stands between the name of a value and that of what it lies within."""
ANSWERS = frozenset(
    {"nik", "name", "birth_date", "phone", "email", "occupation", "income", "plan", "home_region", "work_region"}
)
"""Names that `review.` has words for."""
VERBATIM = frozenset({"text", "label"})
"""Names of what somebody wrote: it is shown as they wrote it."""
_DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d)(T\d\d:\d\d:\d\d\S*)?)?")


class HeldWords(NamedTuple):
    """The words of one page, said by a catalogue, with days written as the language `locale` has them."""

    say: Say
    locale: str

    def name(self, path: str) -> str:
        """Name a value; what it lies within keeps the name it is stored by."""
        within, arrow, last = path.rpartition(WITHIN)
        return f"{within}{arrow}{self.say(f'review.{last}')}" if last in ANSWERS else path

    def value(self, path: str, value: str) -> str:
        """Write a value; a moment is told in Jakarta's time."""
        found = None if path.rpartition(WITHIN)[2] in VERBATIM else _DATE.fullmatch(value)
        try:
            return self._written(value, found) if found else value
        except (ValueError, OverflowError):  # It only looked like one.
            return value

    def _written(self, value: str, found: re.Match[str]) -> str:
        written = WRITTEN.get(self.locale, self.locale)
        if found[4]:
            at = dt.datetime.fromisoformat(value).astimezone(JAKARTA)
            return format_datetime(at, "d MMMM y HH:mm", tzinfo=JAKARTA, locale=written)
        if found[3]:
            return date_in_words(dt.date.fromisoformat(value), written)
        return month_in_words(int(found[1]), int(found[2]), written)
