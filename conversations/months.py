"""Contribution months: calendar months as Jakarta counts them.

Moments are stored in UTC; months, ages and due dates follow the calendar in Asia/Jakarta (law 12), which keeps +07:00
the whole year and has done so since 1964.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

JAKARTA = dt.timezone(dt.timedelta(hours=7), "WIB")

_WRITTEN = re.compile(r"([1-9][0-9]{3})-(0[1-9]|1[0-2])")


class Month(NamedTuple):
    """A calendar month, written "2026-12"; months sort and compare in order of time."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read "2026-12".

        Raises:
            ValueError: the text is written in any other way.
        """
        written = _WRITTEN.fullmatch(text)
        if written is None:
            raise ValueError(f"not a month written as YYYY-MM: {text!r}")
        return cls(int(written[1]), int(written[2]))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """Return the month a date lies in; an aware datetime is taken in Asia/Jakarta.

        Raises:
            ValueError: a datetime without a time zone.
        """
        if isinstance(day, dt.datetime):
            day = jakarta(day)
        return cls(day.year, day.month)

    def plus(self, months: int) -> Month:
        """Return the month that many months later, or earlier if negative."""
        years, zero_based = divmod(self.month - 1 + months, 12)
        return Month(self.year + years, zero_based + 1)

    def until(self, other: Month) -> int:
        """Count the months from this one to the other, negative if the other is earlier."""
        return (other.year - self.year) * 12 + other.month - self.month

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


def months_from(first: Month, count: int) -> tuple[Month, ...]:
    """Return that many months in a row, the first one included."""
    return tuple(first.plus(n) for n in range(count))


def jakarta(now: dt.datetime) -> dt.date:
    """Return the date it is in Asia/Jakarta at an aware moment.

    Raises:
        ValueError: a moment without a time zone.
    """
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone has no date in Jakarta")
    return now.astimezone(JAKARTA).date()
