"""The audit trail for those who check: who did what to what, and whether the trail is whole."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from aiohttp import web

from bot.desk.pages import field, page
from bot.desk.room import ROOM
from conversations.months import JAKARTA
from storage import audit

ROWS = 50
"""Rows on a page."""


async def show(request: web.Request) -> web.Response:
    """Show the rows that are asked for, the newest first; on demand the whole trail is checked."""
    asked = request.query
    wanted = audit.Wanted(
        who=field(asked, "who"),
        act=field(asked, "act"),
        subject=field(asked, "subject"),
        since=_day(field(asked, "from")),
        until=_day(field(asked, "to"), after=1),
        before=_number(field(asked, "before")),
    )
    async with request.app[ROOM].database.read() as connection:
        rows = await audit.find(connection, wanted, ROWS + 1)
        acts = await audit.acts(connection)
        checked = await audit.check(connection) if "check" in asked else None
    kept = {name: field(asked, name) for name in ("who", "act", "subject", "from", "to")}
    shown = rows[:ROWS]
    older = urlencode(kept | {"before": str(shown[-1].n)}) if len(rows) > ROWS else ""
    return page(request, "trail.html", rows=shown, acts=acts, checked=checked, asked=kept, older=older)


def _day(typed: str, *, after: int = 0) -> dt.datetime | None:
    """Read a day as its first moment in Jakarta, or that of so many days after it; None for anything else."""
    try:
        day = dt.date.fromisoformat(typed) + dt.timedelta(days=after)
    except (ValueError, OverflowError):
        return None
    return dt.datetime.combine(day, dt.time(), JAKARTA)


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else None
