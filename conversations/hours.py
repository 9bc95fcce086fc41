"""When staff answer: opening hours by weekday in one time zone, and holidays."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

import msgspec

ZONES = {"WIB": 7, "WITA": 8, "WIT": 9}
"""Indonesia's time zones, in hours east of UTC; none of them changes its clocks."""

DAYS = ("sen", "sel", "rab", "kam", "jum", "sab", "min")
HORIZON = 60
"""Days within which the next opening is looked for."""

_PART = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? (\d{2})[:.](\d{2})-(\d{2})[:.](\d{2})")


class Span(NamedTuple):
    """From when until when staff answer on a day."""

    opens: dt.time
    closes: dt.time


Week = tuple[Span | None, Span | None, Span | None, Span | None, Span | None, Span | None, Span | None]


class Hours(msgspec.Struct, frozen=True):
    """Opening hours: `week` from Monday on, None where nobody is there; on `holidays` nobody is there either."""

    week: Week
    zone: str = "WIB"
    holidays: frozenset[dt.date] = frozenset()

    def local(self, now: dt.datetime) -> dt.datetime:
        """Return a moment as the clock on the office's wall shows it."""
        return now.astimezone(dt.timezone(dt.timedelta(hours=ZONES[self.zone]), self.zone))

    def on(self, day: dt.date) -> Span | None:
        """Return the hours of a day."""
        return None if day in self.holidays else self.week[day.weekday()]

    def is_open(self, now: dt.datetime) -> bool:
        """Tell whether staff answer now."""
        here = self.local(now)
        span = self.on(here.date())
        return span is not None and span.opens <= here.time() < span.closes

    def closes(self, now: dt.datetime) -> dt.time:
        """Return when the hours of today end; midnight where there are none."""
        span = self.on(self.local(now).date())
        return span.closes if span else dt.time.min

    def opens_next(self, now: dt.datetime) -> dt.datetime | None:
        """Return the next moment at which staff begin, on the office's clock; None if that is far away."""
        here = self.local(now)
        for ahead in range(HORIZON):
            day = here.date() + dt.timedelta(days=ahead)
            span = self.on(day)
            if span and (moment := dt.datetime.combine(day, span.opens, here.tzinfo)) > here:
                return moment
        return None

    def worked(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        """Return how much opening time lies between two moments; days beyond `HORIZON` aren't counted."""
        first, last = self.local(start), self.local(end)
        days = min((last.date() - first.date()).days, HORIZON)
        return sum((self._within(first, last, ahead) for ahead in range(days + 1)), dt.timedelta())

    def _within(self, first: dt.datetime, last: dt.datetime, ahead: int) -> dt.timedelta:
        day = first.date() + dt.timedelta(days=ahead)
        span = self.on(day)
        if span is None:
            return dt.timedelta()
        opens, closes = (dt.datetime.combine(day, time, first.tzinfo) for time in span)
        return max(min(closes, last) - max(opens, first), dt.timedelta())


def read_hours(text: str) -> Hours:
    """Read "sen-jum 08:00-16:00, sab 08:00-12:00, WITA"; without a zone it is WIB.

    Raises:
        ValueError: it is written in any other way; the message names the part.
    """
    parts = [part.strip() for part in text.split(",") if part.strip()]
    zone = next((part for part in parts if part in ZONES), "WIB")
    week: list[Span | None] = [None] * 7
    for part in parts:
        if part not in ZONES:
            days, span = _part(part)
            week[days] = [span] * len(range(*days.indices(7)))
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = week
    return Hours((monday, tuesday, wednesday, thursday, friday, saturday, sunday), zone)


def read_days(text: str) -> frozenset[dt.date]:
    """Read days written "2026-12-25, 2027-01-01".

    Raises:
        ValueError: one is written in any other way.
    """
    return frozenset(dt.date.fromisoformat(day.strip()) for day in text.split(",") if day.strip())


def _part(part: str) -> tuple[slice, Span]:
    written = _PART.fullmatch(part)
    if written is None or not {written[1], written[2] or written[1]} <= set(DAYS):
        raise ValueError(f"{part!r} is not written like sen-jum 08:00-16:00")
    first, last = (DAYS.index(day) for day in (written[1], written[2] or written[1]))
    opens, closes = dt.time(int(written[3]), int(written[4])), dt.time(int(written[5]), int(written[6]))
    if first > last or opens >= closes:
        raise ValueError(f"{part!r} ends before it begins")
    return slice(first, last + 1), Span(opens, closes)


OFFICE_HOURS = read_hours("sen-jum 08:00-16:00, WIB")
"""When staff answer unless the setting JAMIN_DESK_HOURS says otherwise."""
