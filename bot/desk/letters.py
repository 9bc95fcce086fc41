"""What could not be delivered, and trying it again."""

from __future__ import annotations

from aiohttp import web

from bot.desk.pages import how_long, page, see
from bot.desk.room import OPERATOR, ROOM
from storage import audit
from storage.deliveries import dead_letters, revive
from storage.worklist import lock_chat


async def show(request: web.Request) -> web.Response:
    """List what was given up, with the kind of error."""
    room = request.app[ROOM]
    async with room.database.read() as connection:
        dead = await dead_letters(connection)
    letters = [(letter, how_long(room.say, letter.created_at, room.clock())) for letter in dead]
    return page(request, "letters.html", letters=letters)


async def retry(request: web.Request) -> web.Response:
    """Send one again."""
    room = request.app[ROOM]
    chat_id, line = int(request.match_info["chat"]), int(request.match_info["line"])
    async with room.database.write() as connection:
        await lock_chat(connection, chat_id)
        revived = await revive(connection, chat_id, line, room.clock())
        if revived:
            await audit.append(connection, room.clock(), request[OPERATOR].name, "retry", f"outbox {chat_id}/{line}")
    see("/desk/tertunda", "retried" if revived else "gone")
