"""Moments as people type them on the command line."""

from __future__ import annotations

import datetime as dt

from conversations.months import JAKARTA


def read_moment(text: str) -> dt.datetime:
    """Read an ISO moment as UTC; one without an offset is taken in Asia/Jakarta.

    Raises:
        ValueError: not written as ISO 8601.
    """
    moment = dt.datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=JAKARTA)).astimezone(dt.UTC)
