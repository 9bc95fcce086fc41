"""Finding a case by a name, a phone number, a NIK, a KPJ or its number. What is typed is sent in a form, never in an
address, and the trail keeps only what kind of thing it was."""

from __future__ import annotations

from aiohttp import web

from bot.desk.pages import field, page
from bot.desk.queue import row
from bot.desk.room import OPERATOR, ROOM
from storage import audit
from storage.cases.choices import colleagues
from storage.cases.search import read_search, search

LONGEST = 80
"""Characters of what is looked for."""


async def show(request: web.Request) -> web.Response:
    """Ask what to look for."""
    return page(request, "search.html", rows=None)


async def find(request: web.Request) -> web.Response:
    """Show what was found."""
    room, what = request.app[ROOM], field(await request.post(), "what")[:LONGEST]
    async with room.database.read() as connection:
        found = await search(connection, room.keys, what)
        names = {one.id: one.name for one in await colleagues(connection)}
    kinds = ",".join(wanted.kind for wanted in read_search(what))
    async with room.database.write() as connection:
        await audit.append(connection, room.clock(), request[OPERATOR].name, "search", kinds or "nothing")
    return page(request, "search.html", rows=[row(room.say, case, names, room.clock()) for case in found])
