"""The manual backend's work list: what waits, how long, until when it was promised, and who has it."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.pages import how_long, page, see
from bot.desk.room import OPERATOR, ROOM, Room
from storage import audit
from storage.enrolments import enrolment_by_id
from storage.operators import Operator
from storage.work_claims import claim, release, release_all
from storage.worklist import PAY, STAGES, Work, work_list

HERE = "/desk/kerja"
SHOWN = 500


class Row(NamedTuple):
    """A line of the list; `promise` says how much time is left or gone by, "" where nothing was promised."""

    path: str
    name: str
    about: str
    holder: str
    waits: str
    promise: str
    is_late: bool


async def show(request: web.Request) -> web.Response:
    """List the enrolments that wait, by what is to be done, the oldest first."""
    room = request.app[ROOM]
    now = room.clock()
    async with room.database.read() as connection:
        work = await work_list(connection, now, SHOWN)
    stages = {stage: [_row(room, one, now) for one in work if one.stage == stage] for stage in STAGES}
    return page(
        request,
        "work_list.html",
        stages=stages,
        late=sum(row.is_late for rows in stages.values() for row in rows),
        has_some=any(one.holder == request[OPERATOR].name for one in work),
    )


def _row(room: Room, work: Work, now: dt.datetime) -> Row:
    programmes = work.programmes.upper().replace(",", " + ")
    about = room.say("desk.work.order", programmes=programmes, months=str(work.months))
    is_late = work.due_at is not None and work.due_at < now
    waits, promise = how_long(room.say, work.since, now), _promise(room, work, now)
    return Row(f"{HERE}/{work.reference}", work.reference[:8], about, work.holder, waits, promise, is_late)


def _promise(room: Room, work: Work, now: dt.datetime) -> str:
    if work.due_at is None:
        return ""
    if work.due_at < now:
        return room.say("desk.promise.over", by=how_long(room.say, work.due_at, now))
    return room.say("desk.promise.left", left=how_long(room.say, now, work.due_at))


async def take_next(request: web.Request) -> web.Response:
    """Take the enrolment that waits longest and that nobody has, and open it."""
    room, operator = request.app[ROOM], request[OPERATOR]
    async with room.database.write() as connection:
        reference = await _next(connection, operator, room.clock())
        if reference:
            await audit.append(connection, room.clock(), operator.name, "claim", f"enrolment {reference}")
    if not reference:
        see(HERE, "none_free")
    see(f"{HERE}/{reference}")


async def _next(connection: AsyncConnection, operator: Operator, now: dt.datetime) -> str:
    """Take the first enrolment that is free; return its reference, "" where there is none."""
    for work in await work_list(connection, now, SHOWN):
        if work.stage != PAY and not work.holder and await claim(connection, work.reference, operator.id, now):
            return work.reference
    return ""


async def take(request: web.Request) -> web.Response:
    """Take this enrolment."""
    room, operator, reference = request.app[ROOM], request[OPERATOR], request.match_info["reference"]
    async with room.database.write() as connection:
        if await enrolment_by_id(connection, reference) is None:
            raise web.HTTPNotFound
        taken = await claim(connection, reference, operator.id, room.clock())
        if taken:
            await audit.append(connection, room.clock(), operator.name, "claim", f"enrolment {reference}")
    see(f"{HERE}/{reference}", "" if taken else "not_claimed")


async def give_back(request: web.Request) -> web.Response:
    """Give this enrolment back."""
    room, operator, reference = request.app[ROOM], request[OPERATOR], request.match_info["reference"]
    async with room.database.write() as connection:
        await release(connection, reference, operator.id)
        await audit.append(connection, room.clock(), operator.name, "release", f"enrolment {reference}")
    see(HERE, "released")


async def give_all_back(request: web.Request) -> web.Response:
    """Give back all that this operator has."""
    room, operator = request.app[ROOM], request[OPERATOR]
    async with room.database.write() as connection:
        released = await release_all(connection, operator.id)
        await audit.append(connection, room.clock(), operator.name, "release", f"enrolments {released}")
    see(HERE, "released")
