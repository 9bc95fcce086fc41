"""Canned replies: what editors keep at hand for all operators."""

from __future__ import annotations

import tomllib
import uuid

from aiohttp import web

from bot.ask import LOCALES
from bot.desk.filling import PLACEHOLDERS, unknown_placeholders
from bot.desk.pages import field, page, see
from bot.desk.room import OPERATOR, ROOM
from storage import audit
from storage.canned import Canned, canned, keep_canned, remove_canned, seed_canned

LONGEST_TITLE, LONGEST_WORDS = 60, 1500


async def seed(app: web.Application) -> None:
    """Offer the replies that come with the program, as far as nobody here has changed or removed them."""
    room = app[ROOM]
    async with room.database.write() as connection:
        await seed_canned(connection, seeds(), room.clock())


def seeds(locale: str = "id") -> list[Canned]:
    """Read the replies that come with the program."""
    known = tomllib.loads((LOCALES / locale / "canned.toml").read_text())
    return [Canned(name, entry["title"], entry["words"]) for name, entry in known.items()]


async def show(request: web.Request) -> web.Response:
    """List the replies, each to be changed or removed, and offer to write one."""
    return await _page(request)


async def keep(request: web.Request) -> web.Response:
    """Keep a reply that was written or changed."""
    typed, room = await request.post(), request.app[ROOM]
    reply = Canned(field(typed, "id") or str(uuid.uuid4()), field(typed, "title"), field(typed, "words"))
    problem = _problem(reply)
    if problem:
        return await _page(request, reply, problem)
    async with room.database.write() as connection:
        await keep_canned(connection, reply, request[OPERATOR].name, room.clock())
        await audit.append(connection, room.clock(), request[OPERATOR].name, "canned", f"kept {reply.id}")
    raise web.HTTPSeeOther("/desk/jawaban?kabar=canned_kept")


async def remove(request: web.Request) -> web.Response:
    """Take a reply away."""
    room, reply_id = request.app[ROOM], field(await request.post(), "id")
    async with room.database.write() as connection:
        removed = await remove_canned(connection, reply_id, request[OPERATOR].name, room.clock())
        if removed:
            await audit.append(connection, room.clock(), request[OPERATOR].name, "canned", f"removed {reply_id}")
    see("/desk/jawaban", "canned_removed" if removed else "before")


def _problem(reply: Canned) -> str:
    if not 0 < len(reply.title) <= LONGEST_TITLE or len(reply.id) > LONGEST_TITLE:
        return "desk.canned.title.problem"
    if not 0 < len(reply.words) <= LONGEST_WORDS:
        return "desk.canned.words.problem"
    return "desk.canned.placeholder.problem" if unknown_placeholders(reply.words) else ""


async def _page(request: web.Request, typed: Canned | None = None, problem: str = "") -> web.Response:
    room = request.app[ROOM]
    async with room.database.read() as connection:
        replies = await canned(connection)
    return page(
        request,
        "replies.html",
        status=422 if problem else 200,
        replies=[typed if typed and typed.id == one.id else one for one in replies],
        typed=typed or Canned("", "", ""),
        is_new=typed is not None and typed.id not in {one.id for one in replies},
        problem=problem,
        placeholders=PLACEHOLDERS,
        longest_title=LONGEST_TITLE,
        longest_words=LONGEST_WORDS,
    )
