"""Moments as people type them on the command line."""

from __future__ import annotations

import datetime as dt

from conversations.months import JAKARTA

FIRST, LAST = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
"""What it may be taken to be: far enough from the ends of the calendar that nobody who counts months gets there."""


def read_moment(text: str) -> dt.datetime:
    """Read an ISO moment as UTC; one without an offset is taken in Asia/Jakarta.

    Raises:
        ValueError: not written as ISO 8601, or not between `FIRST` and `LAST`.
    """
    moment = dt.datetime.fromisoformat(text)
    return in_bounds(moment if moment.tzinfo else moment.replace(tzinfo=JAKARTA)).astimezone(dt.UTC)


def in_bounds(moment: dt.datetime) -> dt.datetime:
    """Return an aware moment as it is.

    Raises:
        ValueError: it is not between `FIRST` and `LAST`.
    """
    if not FIRST <= moment <= LAST:
        raise ValueError(f"not from {FIRST.year} to {LAST.year}")
    return moment
