"""Broadcasts at the desk: written for an audience, previewed and tried out, sent or stopped, and what came of them.

Each act changes the row that the job reads (`bot/broadcasting.py`) and is audited in the same transaction. The words of
a broadcast go to many, so they stand in the clear; whom it reached is shown in numbers alone.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from aiohttp import web

from bot.announcing import LONGEST
from bot.ask import LOCALES
from bot.desk.pages import field, page, see
from bot.desk.regions import area_name, read_area
from bot.desk.room import OPERATOR, ROOM, Say
from bot.times import read_moment
from conversations.audience import STANDINGS, Audience
from conversations.months import JAKARTA, Month
from conversations.occupations import GROUPS, OCCUPATIONS, by_code
from storage import audit, broadcasts
from storage.broadcasts import Broadcast

HERE = "/desk/kabar"
SHOWN = 50
"""Broadcasts on the page, the newest first."""
LANGUAGES = tuple(sorted(folder.parent.name for folder in LOCALES.glob("*/LC_MESSAGES")))


class Draft(NamedTuple):
    """What was typed into the form of a new broadcast."""

    text: str = ""
    standing: str = ""
    area: str = ""
    occupation: str = ""
    language: str = ""


class Row(NamedTuple):
    """A broadcast in words."""

    id: str
    state: str
    begins: str
    whom: str
    when: dt.datetime | None


async def show(request: web.Request) -> web.Response:
    """List the broadcasts, and offer to write one."""
    return await _list(request)


async def write(request: web.Request) -> web.Response:
    """Keep a draft; sent twice it is one."""
    room, form = request.app[ROOM], await request.post()
    typed = Draft(*(field(form, name) for name in Draft._fields))
    whom, problem = _read(typed, room.clock().date())
    if whom is None:
        return await _list(request, typed, problem)
    reference = _reference(field(form, "form"))
    async with room.database.write() as connection:
        if await broadcasts.draft(connection, reference, typed.text, whom, room.clock()):
            await audit.append(connection, room.clock(), request[OPERATOR].name, "broadcast_written", reference)
    return see(f"{HERE}/{reference}")


async def one(request: web.Request) -> web.Response:
    """Show a broadcast as it will be read, how many chats it goes to now, and what came of it so far."""
    return await _one(request)


async def test(request: web.Request) -> web.Response:
    """Have it told to the chat of one case."""
    room, broadcast = request.app[ROOM], await _found(request)
    number = field(await request.post(), "case")
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        return await _one(request, "desk.broadcast.case.problem")
    async with room.database.write() as connection:
        known = await broadcasts.add_test(connection, broadcast.id, int(number))
        if known:
            subject = f"{broadcast.id} case {int(number)}"
            await audit.append(connection, room.clock(), request[OPERATOR].name, "broadcast_tested", subject)
    return see(f"{HERE}/{broadcast.id}", "tested") if known else await _one(request, "desk.broadcast.case.problem")


async def schedule(request: web.Request) -> web.Response:
    """Send it from a moment on, now where none is named."""
    room, broadcast = request.app[ROOM], await _found(request)
    try:
        at = _moment(field(await request.post(), "at"), room.clock())
    except ValueError:
        return await _one(request, "desk.broadcast.at.problem")
    async with room.database.write() as connection:
        done = await broadcasts.schedule(connection, broadcast.id, at)
        if done:
            subject = f"{broadcast.id} from {at.astimezone(JAKARTA):%Y-%m-%d %H:%M}"
            await audit.append(connection, room.clock(), request[OPERATOR].name, "broadcast_scheduled", subject)
    return see(f"{HERE}/{broadcast.id}", "scheduled" if done else "before")


async def stop(request: web.Request) -> web.Response:
    """Send no more of it."""
    room, broadcast = request.app[ROOM], await _found(request)
    async with room.database.write() as connection:
        done = await broadcasts.stop(connection, broadcast.id)
        if done:
            await audit.append(connection, room.clock(), request[OPERATOR].name, "broadcast_stopped", broadcast.id)
    see(f"{HERE}/{broadcast.id}", "stopped" if done else "before")


# --- reading what was typed ------------------------------------------------------------------------------------------


def _read(typed: Draft, today: dt.date) -> tuple[Audience | None, str]:
    """Return the audience that was typed, or None and the key of what is wrong."""
    if not 0 < len(typed.text) <= LONGEST:
        return None, "desk.broadcast.text.problem"
    area = read_area(typed.area, today)
    if area is None:
        return None, "desk.broadcast.area.problem"
    try:
        return Audience(typed.standing, area, typed.occupation, typed.language), ""
    except ValueError:
        return None, "desk.broadcast.whom.problem"


def _reference(typed: str) -> str:
    """Return the id that the form came with.

    Raises:
        HTTPNotFound: it is none of ours.
    """
    try:
        return str(uuid.UUID(typed))
    except ValueError:
        raise web.HTTPNotFound from None


def _moment(typed: str, now: dt.datetime) -> dt.datetime:
    """Read a moment in Jakarta; nothing typed, and a moment that is over, mean now.

    Raises:
        ValueError: it is no moment.
    """
    return max(read_moment(typed), now) if typed else now


async def _found(request: web.Request) -> Broadcast:
    async with request.app[ROOM].database.read() as connection:
        found = await broadcasts.find(connection, request.match_info["broadcast"])
    if found is None:
        raise web.HTTPNotFound
    return found


# --- the pages -------------------------------------------------------------------------------------------------------


async def _list(request: web.Request, typed: Draft = Draft(), problem: str = "") -> web.Response:  # noqa: B008 - immutable.
    room = request.app[ROOM]
    async with room.database.read() as connection:
        known = await broadcasts.all_broadcasts(connection)
    return page(
        request,
        "broadcasts.html",
        status=422 if problem else 200,
        rows=[_row(room.say, broadcast) for broadcast in reversed(known[-SHOWN:])],
        typed=typed,
        problem=problem,
        **choices(room.say),
    )


def choices(say: Say) -> dict[str, Any]:
    """Return what an audience can be chosen from, and how long the words may be."""
    groups: Mapping[str, list[tuple[str, str]]] = {
        say(f"group.{group}"): [(one.code, say(f"occupation.{one.code}")) for one in OCCUPATIONS if one.group == group]
        for group in GROUPS
    }
    return {"standings": STANDINGS, "groups": groups, "languages": LANGUAGES, "longest": LONGEST}


def _row(say: Say, broadcast: Broadcast) -> Row:
    begins = broadcast.text.splitlines()[0]
    return Row(broadcast.id, broadcast.state, begins, audience(say, broadcast.whom), broadcast.due_at)


def audience(say: Say, whom: Audience) -> str:
    """Write an audience in words."""
    parts = [say(f"desk.broadcast.standing.{whom.standing or 'any'}")]
    parts += [area_name(whom.area)] if whom.area else []
    parts += [say(f"occupation.{whom.occupation}")] if whom.occupation in by_code else []
    parts += [whom.language] if whom.language else []
    return ", ".join(parts)


async def _one(request: web.Request, problem: str = "") -> web.Response:
    room, broadcast = request.app[ROOM], await _found(request)
    async with room.database.read() as connection:
        chats = await broadcasts.count(connection, broadcast.whom, Month.of(room.clock()))
        progress = await broadcasts.progress(connection, broadcast.id)
    return page(
        request,
        "broadcast.html",
        status=422 if problem else 200,
        broadcast=broadcast,
        whom=audience(room.say, broadcast.whom),
        words=room.say("news.said", operator=room.on_behalf_of, text=broadcast.text),
        chats=chats,
        progress=progress,
        outcome=broadcasts.OUTCOME.days,
        problem=problem,
    )
