"""The first page: what waits."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from aiohttp import web

from bot.desk.pages import how_long, page
from bot.desk.reasons import reason_key
from bot.desk.room import ROOM, Say
from storage.cases import Case, open_cases
from storage.worklist import STAGES, Work, dead_count, work_list


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
    now = room.clock()
    waiting = [_case(room.say, case, now) for case in cases]
    stages = {stage: [_work(room.say, one, now) for one in work if one.stage == stage] for stage in STAGES}
    return page(request, "queue.html", cases=waiting, stages=stages, dead=dead, manual=room.manual)


def _case(say: Say, case: Case, now: dt.datetime) -> Waiting:
    name, reason = say("desk.case.name", number=str(case.number)), say(reason_key(case.reason))
    return Waiting(f"/desk/kasus/{case.number}", name, reason, how_long(say, case.opened_at, now))


def _work(say: Say, work: Work, now: dt.datetime) -> Waiting:
    programmes = work.programmes.upper().replace(",", " + ")
    order = say("desk.work.order", programmes=programmes, months=str(work.months))
    return Waiting(f"/desk/kerja/{work.reference}", work.reference[:8], order, how_long(say, work.since, now))
