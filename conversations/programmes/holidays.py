"""Days on which offices are closed: weekends and the national holidays of the yearly decree (SKB 3 Menteri)."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from conversations.programmes.fact import Fact

SATURDAY = 5

NO_DECREE = "no decree known yet: weekends alone"


@lru_cache(maxsize=32)
def holidays(year: int) -> Fact[frozenset[dt.date]]:
    """Return the national holidays of a year, none where the decree is not known yet.

    Days of collective leave (cuti bersama) are left out: whether they move a due day is not known, and the earlier day
    is never too late.
    """
    # Imported when first asked for: the package takes a third of a second, and most commands need no holiday.
    from lokal.holidays import HOLIDAY_YEARS, get_holidays

    if year not in HOLIDAY_YEARS:
        return Fact(frozenset(), NO_DECREE, "S")
    known = get_holidays(year)
    days = (dt.date.fromisoformat(day.date) for day in known.holidays if day.type == "libur_nasional")
    return Fact(frozenset(days), f"{known.decree} (lokal-id)", "S")


def is_closed(day: dt.date) -> bool:
    """Tell whether a day is a weekend's or a national holiday."""
    return day.weekday() >= SATURDAY or day in holidays(day.year).value
