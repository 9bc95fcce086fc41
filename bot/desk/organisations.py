"""Organisations that agents belong to, with what they pay where the office entered it; and campaigns."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.pages import field, page, see
from bot.desk.room import OPERATOR, ROOM
from conversations.codes import ALPHABET, LENGTH
from storage import audit
from storage.agents import keep_code
from storage.organisations import (
    KINDS,
    Organisation,
    all_organisations,
    campaigns,
    change_organisation,
    close_organisation,
    end_campaign,
    keep_organisation,
)

HERE = "/desk/wadah"
LONGEST = 80
MOST_RUPIAH = 10_000_000
"""More than any organisation pays an agent for one person: a figure above it was mistyped."""


Keep = Callable[[AsyncConnection, Organisation], Awaitable[bool]]
"""Stores an organisation; tells whether its name was free."""


class ProblemError(Exception):
    """A field can't be taken; `key` names what is wrong."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def draw_code() -> str:
    """Return a fresh code for an agent's links or a campaign's."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


async def show(request: web.Request) -> web.Response:
    """List organisations and campaigns."""
    return await _page(request)


async def add(request: web.Request) -> web.Response:
    """Make an organisation."""
    now = request.app[ROOM].clock()
    return await _kept(request, str(uuid.uuid4()), lambda to, made: keep_organisation(to, made, now), "made")


async def change(request: web.Request) -> web.Response:
    """Change what is known of an organisation: its name, kind, area, where to ask, what it pays."""
    return await _kept(request, request.match_info["organisation"], change_organisation, "changed")


async def _kept(request: web.Request, organisation_id: str, keep: Keep, what: str) -> web.Response:
    """Store what was typed of an organisation, and note it with what it pays."""
    try:
        one = _read(organisation_id, await request.post())
    except ProblemError as problem:
        return await _page(request, problem=problem.key, status=422)
    async with request.app[ROOM].database.write() as connection:
        kept = await keep(connection, one)
        if kept:
            pays = f"{one.per_enrolment} {one.per_payment}"
            await _note(request, connection, f"organisation_{what}", f"organisation {one.id} {one.kind} pays {pays}")
    return see(HERE, "organisation") if kept else await _page(request, problem="taken", status=422)


async def close(request: web.Request) -> web.Response:
    """Close an organisation that nobody belongs to any more."""
    room, organisation = request.app[ROOM], request.match_info["organisation"]
    async with room.database.write() as connection:
        closed = await close_organisation(connection, organisation, room.clock())
        if closed:
            await _note(request, connection, "organisation_closed", f"organisation {organisation}")
    return see(HERE, "organisation" if closed else "still_people")


async def begin_campaign(request: web.Request) -> web.Response:
    """Issue a code for a campaign of the office."""
    room, title, code = request.app[ROOM], field(await request.post(), "title"), draw_code()
    if not 3 <= len(title) <= LONGEST:
        return await _page(request, problem="title", status=422)
    async with room.database.write() as connection:
        await keep_code(connection, code, "campaign", room.clock(), title=title)
        await _note(request, connection, "campaign_begun", f"code {code}")
    return see(HERE, "campaign")


async def end(request: web.Request) -> web.Response:
    """End a campaign: its code leads nowhere from now on."""
    room, code = request.app[ROOM], request.match_info["code"]
    async with room.database.write() as connection:
        ended = await end_campaign(connection, code, room.clock())
        if ended:
            await _note(request, connection, "campaign_ended", f"code {code}")
    return see(HERE, "campaign" if ended else "gone")


async def _note(request: web.Request, connection: AsyncConnection, act: str, subject: str) -> None:
    await audit.append(connection, request.app[ROOM].clock(), request[OPERATOR].name, act, subject)


def _read(organisation_id: str, typed: Mapping[str, object]) -> Organisation:
    """Read the form of an organisation.

    Raises:
        ProblemError: a field can't be taken.
    """
    kind, name = field(typed, "kind"), field(typed, "name")
    if kind not in KINDS:
        raise ProblemError("kind")
    if not 3 <= len(name) <= LONGEST:
        raise ProblemError("name")
    area, check_at = field(typed, "area")[:LONGEST], field(typed, "check_at")[:LONGEST]
    pays = (_rupiah(field(typed, "per_enrolment")), _rupiah(field(typed, "per_payment")))
    return Organisation(organisation_id, kind, name, area, check_at, *pays)


def _rupiah(typed: str) -> int | None:
    """Read whole rupiah, with or without dots; nothing is None: then there is no rule of this kind."""
    if not typed:
        return None
    digits = typed.replace(".", "")
    if not (digits.isascii() and digits.isdecimal()) or int(digits) > MOST_RUPIAH:
        raise ProblemError("rupiah")
    return int(digits)


async def _page(request: web.Request, *, problem: str = "", status: int = 200) -> web.Response:
    async with request.app[ROOM].database.read() as connection:
        listed, running = await all_organisations(connection), await campaigns(connection)
    known = {"kinds": KINDS, "listed": listed, "campaigns": running}
    return page(request, "organisations.html", status=status, problem=problem, **known)
