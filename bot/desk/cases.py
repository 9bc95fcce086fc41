"""One case: the conversation as it goes on, what stands beside it, and an answer to the worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.filling import filled
from bot.desk.masking import masked_text
from bot.desk.pages import field, how_long, page
from bot.desk.panel import panel_of, person_in, session_of
from bot.desk.reasons import reason_key
from bot.desk.roles import may
from bot.desk.room import OPERATOR, ROOM, Act, Room
from bot.desk.talk import SHOWN, Lines, shown
from bot.form_ids import form_id
from conversations.cases import MODES, RESOLUTIONS
from conversations.flows.enrolment import SHOWN as STEPS
from conversations.messages import StaffSaid
from conversations.session import Session
from storage.canned import Canned, canned
from storage.cases import CLOSED, STAFF, Case, case_by_number
from storage.cases.choices import Colleague, colleagues
from storage.cases.events import newest
from storage.cases.notes import Note, notes_of
from storage.cases.presence import Present, be_present, present
from storage.chats import chat_by_id
from storage.drafts import Desk, draft, drop_draft, keep_draft
from storage.media import media_of
from storage.transcript import Line, lines_of_chat, undelivered_lines
from storage.window import Window, window_of

LONGEST = 2000
"""Characters of an answer: with the operator's name it must fit into one message of every messenger."""
LOOKING, TYPING = dt.timedelta(seconds=45), dt.timedelta(seconds=8)
"""How long an operator counts as being at a case after their page was fetched, and as typing after a key."""
WHY_REVEAL = ("entering", "comparing", "asked")
LEADS = ("enrolment", "membership", "pay", "terms", "places", "claim", "explain", "people")
"""The flows that a worker can be sent into."""
SHORTCUTS = (
    ("r", "desk.keys.reply"),
    ("Ctrl Enter", "desk.keys.send"),
    ("t", "desk.keys.canned"),
    ("n", "desk.keys.note"),
    ("c", "desk.keys.claim"),
    ("q", "desk.keys.queue"),
    ("/", "desk.keys.search"),
    ("?", "desk.keys.help"),
)


CHOICES: dict[str, Any] = {
    "longest": LONGEST,
    "modes": MODES,
    "resolutions": [code for code in RESOLUTIONS if code != "erased"],
    "leads": LEADS,
    "steps": [step.name for step in STEPS],
    "why_reveal": WHY_REVEAL,
    "shortcuts": SHORTCUTS,
}
"""What the forms of the page offer."""


class Here(NamedTuple):
    """Colleagues at the same case: those who type, those who look."""

    typing: list[str]
    looking: list[str]


async def show(request: web.Request) -> web.Response:
    """Show the case and its conversation."""
    case = await case_of(request)
    await _be_here(request, case)
    return await case_page(request, case)


async def reply(request: web.Request) -> web.Response:
    """Say something to the worker."""
    case, typed = await case_of(request), await request.post()
    room, operator = request.app[ROOM], request[OPERATOR]
    text = field(typed, "text")
    if not 0 < len(text) <= LONGEST:
        return await case_page(request, case, draft_of=text, problem="desk.reply.length", status=422)
    said = filled(text, await _known(request, case))
    what = StaffSaid(case.id, operator.name.capitalize(), said, operator.id)
    act = Act(f"reply:{case.id}:{form_id(typed.get('form'))}", what, "reply", f"case {case.number}")
    new = await done(request, case, act)
    async with room.database.write() as connection:
        await drop_draft(connection, case.number, operator.id)
        await be_present(connection, case.number, operator.id, typing=False, until=room.clock() + LOOKING)
    raise back(case, "replied" if new else "before")


async def keep(request: web.Request) -> web.Response:
    """Keep what the operator is writing, and tell colleagues that they write."""
    case, text = await case_of(request), field(await request.post(), "text")[:LONGEST]
    room, operator = request.app[ROOM], request[OPERATOR]
    now = room.clock()
    async with room.database.write() as connection:
        await keep_draft(connection, room.keys, Desk(case.number, case.chat_id, operator.id), text, now)
        await be_present(connection, case.number, operator.id, typing=bool(text), until=now + TYPING)
    return web.Response(status=204)


# --- what the other pages of a case need too -------------------------------------------------------------------------


async def case_of(request: web.Request) -> Case:
    """Return the case in the path.

    Raises:
        HTTPNotFound: there is none of that number.
    """
    room = request.app[ROOM]
    async with room.database.read() as connection:
        case = await case_by_number(connection, room.keys, int(request.match_info["number"]))
    if case is None:
        raise web.HTTPNotFound
    return case


async def done(request: web.Request, case: Case, act: Act) -> bool:
    """Do something to the worker's chat; tell whether it was new.

    Raises:
        HTTPSeeOther: the case is closed, or its chat forgotten.
    """
    if case.address is None or case.state != "open":
        raise back(case, "before")
    return await request.app[ROOM].do(request[OPERATOR], case.address, act)


def back(case: Case, news: str) -> web.HTTPSeeOther:
    """Return what sends the browser back to the case, with something to say there."""
    return web.HTTPSeeOther(f"/desk/kasus/{case.number}?kabar={news}")


async def case_page(
    request: web.Request,
    case: Case,
    *,
    draft_of: str | None = None,
    problem: str = "",
    status: int = 200,
    revealed: Mapping[str, str] | None = None,
) -> web.Response:
    """Show a case; `revealed` is what the operator just asked to see, by field."""
    room, me, now = request.app[ROOM], request[OPERATOR], request.app[ROOM].clock()
    known = await _read(room, case, me.id, now)
    return page(
        request,
        "case.html",
        status=status,
        case=case,
        problem=problem,
        revealed=revealed or {},
        draft=known.draft if draft_of is None else draft_of,
        **_as_shown(request, case, known, now),
        **CHOICES,
    )


def _as_shown(request: web.Request, case: Case, known: _Known, now: dt.datetime) -> dict[str, object]:
    """What the page needs of a case, in the words and the order of the desk."""
    room, me = request.app[ROOM], request[OPERATOR]
    names = {one.id: one.name for one in known.colleagues}
    said = shown(room, known.lines, known.at, known.notes, names)
    whole = "semua" in request.query
    return {
        "reason": reason_key(case.reason),
        "note": masked_text(case.note),
        "waits": how_long(room.say, case.since, now) if case.awaits == STAFF else "",
        "lines": said if whole else said[-SHOWN:],
        "earlier": not whole and len(said) > SHOWN,
        "panel": panel_of(room, case, known.session, now),
        "holder": names.get(case.operator_id or "", ""),
        "assignable": assignable(known.colleagues),
        "others": _others(known.here, me.id, names),
        "canned": known.canned,
        "window": known.window,
        "window_open": known.window.is_open(now),
        "may_answer": case.stage != CLOSED and case.address is not None,
        "seen": known.seen,
        "number": case.number,
        "here": f"/desk/kasus/{case.number}" + ("?semua=1" if whole else ""),
    }


class _Known(NamedTuple):
    """What the database knows about a case, read in one transaction; `seen` first, so that nothing is missed."""

    seen: int
    lines: list[Line]
    at: Lines
    window: Window
    notes: list[Note]
    session: Session | None
    colleagues: tuple[Colleague, ...]
    here: list[Present]
    draft: str
    canned: list[Canned]


async def _read(room: Room, case: Case, me: str, now: dt.datetime) -> _Known:
    async with room.database.read() as connection:
        return _Known(
            await newest(connection),
            await lines_of_chat(connection, room.keys, case.chat_id, case.line if case.anonymous else 0),
            await _lines(connection, case.chat_id),
            await window_of(connection, case.chat_id),
            await notes_of(connection, room.keys, case.number),
            session_of(await chat_by_id(connection, room.keys, case.chat_id)),
            await colleagues(connection),
            await present(connection, case.number, now),
            await draft(connection, room.keys, Desk(case.number, case.chat_id, me)),
            await canned(connection),
        )


async def _lines(connection: AsyncConnection, chat_id: int) -> Lines:
    sent = await media_of(connection, chat_id)
    return Lines(await undelivered_lines(connection, chat_id), frozenset(medium.line for medium in sent))


def assignable(everybody: Iterable[Colleague]) -> dict[str, str]:
    """Return who can be given a case: names by id."""
    return {one.id: one.name for one in everybody if may(one.role, "case.claim")}


async def _known(request: web.Request, case: Case) -> dict[str, str]:
    """Return what placeholders stand for: the worker's first name, the operator's, the case's number."""
    room = request.app[ROOM]
    async with room.database.read() as connection:
        person = person_in(session_of(await chat_by_id(connection, room.keys, case.chat_id)), case.person)
    name = str(person.answers.get("name", "")) if person and not case.anonymous else ""
    called = name.split()[0].capitalize() if name.split() else ""
    return {"nama": called, "petugas": request[OPERATOR].name.capitalize(), "kasus": str(case.number)}


def _others(here: list[Present], me: str, names: Mapping[str, str]) -> Here:
    others = [(names.get(one.operator_id, ""), one.typing) for one in here if one.operator_id != me]
    return Here(
        [name for name, types in others if types and name], [name for name, types in others if not types and name]
    )


async def _be_here(request: web.Request, case: Case) -> None:
    """Tell colleagues that the operator looks at the case; a sign that still holds is left as it is."""
    room, me, now = request.app[ROOM], request[OPERATOR].id, request.app[ROOM].clock()
    async with room.database.read() as connection:
        soon = await present(connection, case.number, now + LOOKING / 3)
        still = await present(connection, case.number, now)
    typing = any(one.operator_id == me and one.typing for one in still)
    if typing or any(one.operator_id == me for one in soon):
        return
    async with room.database.write() as connection:
        await be_present(connection, case.number, me, typing=False, until=now + LOOKING)
