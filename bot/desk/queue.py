"""The first page: what waits."""

from __future__ import annotations

from typing import NamedTuple

from aiohttp import web

from bot.desk.pages import how_long, page
from bot.desk.reasons import reason_key
from bot.desk.room import ROOM
from storage.cases import open_cases
from storage.worklist import BILL, ENTER, PAY, dead_count, work_list


class Waiting(NamedTuple):
    """A line of a list: where it leads, what it is called, what it is about, how long it waits."""

    path: str
    name: str
    about: str
    waits: str


async def show(request: web.Request) -> web.Response:
    """List the open cases, the work of the manual backend, and how much could not be delivered."""
    room = request.app[ROOM]
    async with room.database.read() as connection:
        cases = await open_cases(connection, room.keys)
        work = await work_list(connection) if room.manual else []
        dead = await dead_count(connection)
    now, say = room.clock(), room.say
    waiting = [
        Waiting(
            f"/desk/kasus/{case.number}",
            say("desk.case.name", number=str(case.number)),
            say(reason_key(case.reason)),
            how_long(say, case.opened_at, now),
        )
        for case in cases
    ]
    stages = {
        stage: [
            Waiting(
                f"/desk/kerja/{one.reference}",
                one.reference[:8],
                say("desk.work.order", programmes=one.programmes.upper().replace(",", " + "), months=str(one.months)),
                how_long(say, one.since, now),
            )
            for one in work
            if one.stage == stage
        ]
        for stage in (ENTER, BILL, PAY)
    }
    return page(request, "queue.html", cases=waiting, stages=stages, dead=dead, manual=room.manual)
