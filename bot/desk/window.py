"""Whether WhatsApp lets us write what we like: 24 hours after the worker's last message it takes templates only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from storage.transcript import WORKER, Line

LASTS = dt.timedelta(hours=24)


class Window(NamedTuple):
    """The moment at which the window closes, or closed, and whether it is open."""

    until: dt.datetime
    is_open: bool


def window_of(channel: str, lines: Iterable[Line], now: dt.datetime) -> Window | None:
    """Return a chat's window; None for a messenger without one, or while the worker has written nothing."""
    written = [line.at for line in lines if line.author == WORKER]
    if channel != "whatsapp" or not written:
        return None
    until = max(written) + LASTS
    return Window(until, now < until)
