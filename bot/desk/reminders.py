"""What reminders change: members who got all of them beside the share that gets fewer extra ones, month by month."""

from __future__ import annotations

from typing import NamedTuple

from aiohttp import web

from bot.desk.pages import page
from bot.desk.room import ROOM
from conversations.months import Month
from storage.reminders import Effect, effect_in, spent

MONTHS = 6
"""Contribution months that are shown, the running one first."""
ENOUGH = 400
"""Members in the smaller share from which a difference of some per cent is more than chance."""


class Shares(NamedTuple):
    """A contribution month: those with all reminders, and those with fewer."""

    month: Month
    all: Effect
    fewer: Effect

    @property
    def enough(self) -> bool:
        """Whether both shares are large enough to be compared."""
        return min(self.all.members, self.fewer.members) >= ENOUGH


async def show(request: web.Request) -> web.Response:
    """Show the months, what was spent, and by which settings it goes."""
    room = request.app[ROOM]
    now = room.clock()
    running = Month.of(now)
    async with room.database.read() as connection:
        months = [
            shares(month, await effect_in(connection, month)) for month in map(running.plus, range(0, -MONTHS, -1))
        ]
        paid = await spent(connection, now)
    told = [one for one in months if one.all.members or one.fewer.members]
    return page(request, "reminders.html", months=told, spent=paid, limits=room.limits, enough=ENOUGH)


def shares(month: Month, effects: list[Effect]) -> Shares:
    """Put both shares of a month side by side; one that nobody is in is empty."""
    found = {effect.fewer: effect for effect in effects}
    return Shares(month, *(found.get(fewer, Effect(fewer, 0, 0, 0, 0)) for fewer in (False, True)))


def percent(part: int, whole: int) -> str:
    """Write a share in per cent, to one decimal."""
    return f"{100 * part / whole:.1f}".replace(".", ",") + "%" if whole else "–"
