"""When a member is reminded to pay: which days of a contribution month, and which hours where they live.

Everything here is a plan: whether somebody is written to at all (agreed, not paid, not too often) is decided when it is
told and again when it is sent.
"""

from __future__ import annotations

import calendar as days
import datetime as dt
import hashlib
from collections.abc import Collection
from typing import NamedTuple

from conversations.months import Month
from conversations.programmes.calendar import due, inactive_from
from conversations.programmes.fact import Fact
from conversations.programmes.holidays import holidays
from conversations.programmes.sources import JAMIN

# --- where it is what time -------------------------------------------------------------------------------------------

WIB = dt.timezone(dt.timedelta(hours=7), "WIB")
WITA = dt.timezone(dt.timedelta(hours=8), "WITA")
WIT = dt.timezone(dt.timedelta(hours=9), "WIT")

EAST_OF_WIB = Fact(
    {
        **dict.fromkeys(("51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"), WITA),
        **dict.fromkeys(("81", "82", "91", "92", "93", "94", "95", "96"), WIT),
    },
    "Keppres 41/1987",
    "S",
)
"""The time zone by province, the first two digits of a region code or a NIK; every other province keeps WIB."""


def zone_of(region: str) -> dt.timezone:
    """Return the time zone of a region code of any length; "" and what is no province read as WIB."""
    return EAST_OF_WIB.value.get(region[:2], WIB)


# --- at what hours ---------------------------------------------------------------------------------------------------


class Hours(NamedTuple):
    """From `opens` until just before `closes`, by the clock on the wall."""

    opens: dt.time
    closes: dt.time

    def hold(self, time: dt.time) -> bool:
        """Tell whether a time lies within."""
        return self.opens <= time < self.closes


USUAL = Fact(Hours(dt.time(8), dt.time(20)), JAMIN, "OWN")
IN_RAMADAN = Fact(Hours(dt.time(9), dt.time(17)), JAMIN, "OWN")
"""After the short nights, and over before the fast is broken."""
FRIDAY_PRAYER = Fact(Hours(dt.time(11, 30), dt.time(13)), JAMIN, "OWN")
"""As wide as the prayer lies anywhere in the country and over the year."""
FRIDAY = 4

RAMADAN = Fact(
    (
        (dt.date(2026, 2, 18), dt.date(2026, 3, 20)),
        (dt.date(2027, 2, 8), dt.date(2027, 3, 10)),
        (dt.date(2028, 1, 28), dt.date(2028, 2, 26)),
        (dt.date(2029, 1, 16), dt.date(2029, 2, 14)),
    ),
    "Hijri calendar, both days wherever sightings may differ",
    "CALC",
)
"""First and last day of the fast, as wide as it may be; the government fixes each by sighting. It decides the hours of
reminders and nothing else: a year that is not in the table has the usual ones."""

MORNING = dt.time(8, 30)
SPREAD = 120
"""Minutes over which a morning's reminders are spread, each member always at the same."""


def hours_of(day: dt.date) -> Hours:
    """Return the hours of a day in which somebody may be reminded, but for the prayer."""
    return (IN_RAMADAN if any(first <= day <= last for first, last in RAMADAN.value) else USUAL).value


def may_remind(moment: dt.datetime, zone: dt.timezone) -> bool:
    """Tell whether somebody in that zone may be reminded at an aware moment."""
    local = moment.astimezone(zone)
    praying = local.weekday() == FRIDAY and FRIDAY_PRAYER.value.hold(local.time())
    return hours_of(local.date()).hold(local.time()) and not praying and not is_holiday(local.date())


def next_allowed(moment: dt.datetime, zone: dt.timezone) -> dt.datetime:
    """Return the first moment (UTC), this one or later, at which somebody in that zone may be reminded."""
    local = moment.astimezone(zone)
    while not may_remind(local, zone):
        local = _later(local)
    return local.astimezone(dt.UTC)


def _later(local: dt.datetime) -> dt.datetime:
    """Return the end of what forbids a moment."""
    hours = hours_of(local.date())
    if is_holiday(local.date()) or local.time() >= hours.closes:
        return dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time(), local.tzinfo)
    end = hours.opens if local.time() < hours.opens else FRIDAY_PRAYER.value.closes
    return dt.datetime.combine(local.date(), end, local.tzinfo)


def is_holiday(day: dt.date) -> bool:
    """Tell whether a day is a national holiday. Weekends are none: many of our members work then."""
    return day in holidays(day.year).value


# --- on which days ---------------------------------------------------------------------------------------------------

AHEAD = dt.timedelta(days=5)
LATE = dt.timedelta(days=3)
LAST = 5
"""Days left of the last month in which a membership can still be saved."""

SPONSOR_ENDS = 10
"""Days left of the last month that a sponsor pays for, when its workers are asked to go on alone."""

EXTRA = frozenset({"ahead", "late"})
"""Nudges besides the due day's; a share of members may do without them, so that it shows what they change."""
ASKED = frozenset({"payday", "tomorrow"})
"""What a member asked for counts towards no cap."""
NEVER_HELD_BACK = frozenset({"last", "sponsor"})
"""The last notice before cover ends is told whatever was told before."""

DAY = dt.timedelta(days=1)


class Habits(NamedTuple):
    """What is known of a member besides the months: their `zone`, the day of the month they named (0 for none), whether
    they do without extra nudges, and a `seed` that spreads them over the morning."""

    zone: dt.timezone
    payday: int = 0
    fewer: bool = False
    seed: str = ""


class Nudge(NamedTuple):
    """One reminder: its `moment` ("ahead", "payday", "due", "late", "last"), the contribution month, when (UTC)."""

    moment: str
    month: Month
    at: dt.datetime


def plan(paid: Collection[Month], first: Month, month: Month, habits: Habits) -> tuple[Nudge, ...]:
    """Return the reminders for a contribution month in order of time; none for one that is paid or comes after a lapse.

    `first` is the first month of the enrolment: one never paid lapses as if the month before had been.
    """
    inactive = inactive_from(max((m for m in paid if m < month), default=first.plus(-1))).value
    if month in paid or not first <= month < inactive:
        return ()
    wanted = {**_payday(month, habits.payday), **_usual(month)}
    if inactive == month.plus(1):
        wanted["last"] = _open_before(_last_day(month) - LAST * DAY)
    left_out = _left_out(month, habits)
    nudges = [Nudge(name, month, morning(day, habits)) for name, day in wanted.items() if name not in left_out]
    # Where two meet on a day the one that matters more is told: those are wanted last.
    one_a_day = {nudge.at.astimezone(habits.zone).date(): nudge for nudge in nudges}
    return tuple(sorted(one_a_day.values(), key=lambda nudge: nudge.at))


def _usual(month: Month) -> dict[str, dt.date]:
    last = due(month).value
    return {"ahead": _open_before(last - AHEAD), "late": _open_after(last + LATE), "due": last}


def _payday(month: Month, payday: int) -> dict[str, dt.date]:
    return {"payday": _on(month, payday)} if payday else {}


def _left_out(month: Month, habits: Habits) -> frozenset[str]:
    """Name the extra nudges that a member does without: a payday they named takes the place of one."""
    if habits.fewer:
        return EXTRA
    if not habits.payday:
        return frozenset()
    return frozenset({"ahead" if _on(month, habits.payday) <= due(month).value else "late"})


def _on(month: Month, day: int) -> dt.date:
    """Return a day of the month; the last one where the month is shorter."""
    return dt.date(month.year, month.month, min(day, _last_day(month).day))


def _last_day(month: Month) -> dt.date:
    return dt.date(month.year, month.month, days.monthrange(month.year, month.month)[1])


def _open_before(day: dt.date) -> dt.date:
    while is_holiday(day):
        day -= DAY
    return day


def _open_after(day: dt.date) -> dt.date:
    while is_holiday(day):
        day += DAY
    return day


def morning(day: dt.date, habits: Habits) -> dt.datetime:
    """Return when (UTC) a member is reminded on a day."""
    begin = dt.datetime.combine(day, MORNING, habits.zone)
    return next_allowed(begin + dt.timedelta(minutes=_hash(habits.seed) % SPREAD), habits.zone)


def sponsor_ends(month: Month) -> dt.datetime:
    """Return from when (UTC) those are told whose sponsor pays for this contribution month last."""
    return morning(_open_before(_last_day(month) - SPONSOR_ENDS * DAY), Habits(WIB))


def tomorrow(now: dt.datetime, habits: Habits) -> dt.datetime:
    """Return when (UTC) a member is reminded who asked for tomorrow."""
    return morning(now.astimezone(habits.zone).date() + DAY, habits)


def in_share(reference: str, percent: int) -> bool:
    """Tell whether an enrolment is among so many per cent, the same ones at every asking."""
    return _hash(f"share {reference}") % 100 < percent


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
