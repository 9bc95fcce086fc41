"""What could not be delivered: trying it again, one by one or a whole channel, or putting it away with a reason."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from aiohttp import web

from bot.desk.pages import field, how_long, page, see
from bot.desk.room import OPERATOR, ROOM, Room
from storage import audit
from storage.dead_letters import DeadLetter, dead_by_channel, dead_letters, revive, revive_channel
from storage.dead_letters import discard as put_away
from storage.worklist import lock_chat

HERE = "/desk/tertunda"
SHOWN = 100
WHY_DISCARD = ("answered", "left", "stale")
LANES = ("reply", "handoff", "reminder", "broadcast")
KNOWN_ERRORS = ("GoneError", "BlockedError", "RefusedError", "UnreachableError", "TimeoutError", "SealingError")
"""The kinds of error that are told in words; any other by its name alone."""


class Shown(NamedTuple):
    """A dead letter as staff see it: since when, and what its error means in words."""

    letter: DeadLetter
    waits: str
    lane: str
    error: str


async def show(request: web.Request) -> web.Response:
    """List what was given up, the newest first, with the kind of error and how much there is on each channel."""
    return await _page(request)


async def _page(request: web.Request, *, problem: str = "", status: int = 200) -> web.Response:
    room, channel = request.app[ROOM], request.query.get("kanal", "")
    async with room.database.read() as connection:
        dead = await dead_letters(connection, SHOWN, channel)
        counts = await dead_by_channel(connection)
    letters = [_shown(request, letter) for letter in dead]
    return page(
        request,
        "letters.html",
        status=status,
        letters=letters,
        counts=counts,
        channel=channel if channel in counts else "",
        reasons=WHY_DISCARD,
        problem=problem,
    )


def _shown(request: web.Request, letter: DeadLetter) -> Shown:
    room = request.app[ROOM]
    lane = room.say(f"desk.lane.{letter.lane}") if letter.lane in LANES else letter.lane
    error = letter.error or "?"
    meaning = room.say(f"desk.dead.error.{error}") if error in KNOWN_ERRORS else error
    return Shown(letter, how_long(room.say, letter.created_at, room.clock()), lane, meaning)


async def retry(request: web.Request) -> web.Response:
    """Send one again."""
    room, (chat_id, line) = request.app[ROOM], _named(request)
    async with room.database.write() as connection:
        await lock_chat(connection, chat_id)
        revived = await revive(connection, chat_id, line, room.clock())
        if revived:
            await audit.append(connection, room.clock(), request[OPERATOR].name, "retry", f"outbox {chat_id}/{line}")
    see(HERE, "retried" if revived else "gone")


async def sweep(request: web.Request) -> web.Response:
    """Send everything of one channel again, some hundred chats at a time so that turns get in between."""
    room, channel = request.app[ROOM], field(await request.post(), "channel")
    now, swept = room.clock(), 0
    while revived := await _revived(room, channel, now, request[OPERATOR].name):
        swept += revived
    see(HERE, "swept" if swept else "gone")


async def _revived(room: Room, channel: str, now: dt.datetime, who: str) -> int:
    async with room.database.write() as connection:
        revived = await revive_channel(connection, channel, now)
        if revived:
            await audit.append(connection, room.clock(), who, "retry_channel", f"outbox {channel} {revived}")
    return revived


async def discard(request: web.Request) -> web.Response:
    """Put one away for good, with a reason."""
    room, (chat_id, line), why = request.app[ROOM], _named(request), field(await request.post(), "why")
    if why not in WHY_DISCARD:
        return await _page(request, problem="why", status=422)
    async with room.database.write() as connection:
        await lock_chat(connection, chat_id)
        found = await put_away(connection, chat_id, line, room.clock())
        if found:
            subject = f"outbox {chat_id}/{line} {why}"
            await audit.append(connection, room.clock(), request[OPERATOR].name, "discard", subject)
    return see(HERE, "discarded" if found else "gone")


def _named(request: web.Request) -> tuple[int, int]:
    return int(request.match_info["chat"]), int(request.match_info["line"])
