"""One case: the chat as it went, an answer to the worker, closing."""

from __future__ import annotations

import uuid
from typing import NamedTuple, NoReturn

from aiohttp import web

from bot.desk.masking import masked_text
from bot.desk.pages import field, how_long, moment, page, see
from bot.desk.reasons import reason_key
from bot.desk.room import OPERATOR, ROOM, Act, Room
from conversations.messages import CaseClosed, StaffSaid
from storage.cases import Case, case_by_id
from storage.transcript import EVENT, JAMIN, STAFF, Line, lines_of_chat
from storage.worklist import case_numbered

LONGEST = 2000
"""Characters of an answer: with the operator's name it must fit into one message of every messenger."""


class Said(NamedTuple):
    """A line of the chat as operators see it; `words` are masked."""

    author: str
    words: str
    at: str


async def show(request: web.Request) -> web.Response:
    """Show the case and its chat."""
    return await _page(request, await _case(request))


async def reply(request: web.Request) -> web.Response:
    """Say something to the worker."""
    case, typed = await _case(request), await request.post()
    text, operator = field(typed, "text"), request[OPERATOR]
    if not 0 < len(text) <= LONGEST:
        return await _page(request, case, draft=text, problem="desk.reply.length", status=422)
    act = Act(
        f"reply:{case.id}:{_form_id(typed.get('form'))}",
        StaffSaid(case.id, operator.name.capitalize(), text),
        "reply",
        f"case {case.number}",
    )
    return await _do(request, case, act, "replied")


async def close(request: web.Request) -> web.Response:
    """Close the case; the bot goes on at the question where it stopped."""
    case = await _case(request)
    return await _do(
        request, case, Act(f"close:{case.id}", CaseClosed(case.id), "close", f"case {case.number}"), "closed"
    )


async def _do(request: web.Request, case: Case, act: Act, news: str) -> NoReturn:
    if case.address is None or case.state != "open":
        see(f"/desk/kasus/{case.number}", "before")
    new = await request.app[ROOM].do(request[OPERATOR], case.address, act)
    see(f"/desk/kasus/{case.number}", news if new else "before")


async def _case(request: web.Request) -> Case:
    """Return the case in the path.

    Raises:
        HTTPNotFound: there is none of that number.
    """
    room = request.app[ROOM]
    async with room.database.read() as connection:
        case_id = await case_numbered(connection, int(request.match_info["number"]))
        case = await case_by_id(connection, room.keys, case_id) if case_id else None
    if case is None:
        raise web.HTTPNotFound
    return case


async def _page(
    request: web.Request, case: Case, *, draft: str = "", problem: str = "", status: int = 200
) -> web.Response:
    room = request.app[ROOM]
    async with room.database.read() as connection:
        lines = await lines_of_chat(connection, room.keys, case.chat_id)
    return page(
        request,
        "case.html",
        status=status,
        case=case,
        reason=reason_key(case.reason),
        note=masked_text(case.note),
        waits=how_long(room.say, case.opened_at, room.clock()),
        lines=shown(room, lines),
        draft=draft,
        problem=problem,
        longest=LONGEST,
    )


def shown(room: Room, lines: list[Line]) -> list[Said]:
    """Return the lines masked. What staff said stands once, as the worker got it: in the reply that follows."""
    by_staff = {line.seq + 1 for line in lines if line.author == STAFF}
    return [
        Said(
            STAFF if line.seq in by_staff and line.author == JAMIN else line.author, _words(room, line), moment(line.at)
        )
        for line in lines
        if line.author != STAFF
    ]


def _words(room: Room, line: Line) -> str:
    if line.author == EVENT:
        return room.say(f"desk.event.{line.words}")
    # A tap on a button whose message is erased has no words left.
    return masked_text(line.words) or room.say("desk.event.tap")


def _form_id(typed: object) -> str:
    try:
        return str(uuid.UUID(str(typed)))
    except ValueError:
        return str(uuid.uuid4())
