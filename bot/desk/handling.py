"""What operators do with a case besides answering: take it, pass it on, note, correct, lead, reveal, close."""

from __future__ import annotations

from typing import NoReturn

from aiohttp import web

from bot.desk.cases import LEADS, WHY_REVEAL, assignable, back, case_of, case_page, done
from bot.desk.pages import field
from bot.desk.panel import person_in, session_of, values_of
from bot.desk.room import OPERATOR, ROOM, Act
from bot.form_ids import form_id
from conversations.cases import MODES, RESOLUTIONS
from conversations.messages import CaseClosed, CaseMode, Say, StaffLeads, StaffOpens, StaffProposes
from conversations.proposing import FIELDS, change
from conversations.session import fresh
from conversations.turn import Facts
from conversations.view import View
from storage import audit
from storage.cases import Case, acts, open_case_of
from storage.cases.choices import colleagues
from storage.cases.notes import add_note
from storage.chats import chat_by_id
from storage.drafts import drop_drafts

LONGEST_NOTE, LONGEST_VALUE = 2000, 200


async def claim(request: web.Request) -> NoReturn:
    """Take a case that nobody has."""
    case, room, operator = await case_of(request), request.app[ROOM], request[OPERATOR]
    async with room.database.write() as connection:
        claimed = await acts.claim(connection, case.id, operator.id, room.clock(), operator.capacity)
        if claimed is acts.Claimed.MINE:
            await audit.append(connection, room.clock(), operator.name, "claim", f"case {case.number}")
    raise back(case, f"claim_{claimed.name.lower()}")


async def assign(request: web.Request) -> web.Response:
    """Give a case to a colleague."""
    case, room = await case_of(request), request.app[ROOM]
    to = field(await request.post(), "operator")
    async with room.database.write() as connection:
        names = assignable(await colleagues(connection))
        given = to in names and await acts.assign(connection, case.id, to, request[OPERATOR].id, room.clock())
        if given:
            subject = f"case {case.number} to {names[to]}"
            await audit.append(connection, room.clock(), request[OPERATOR].name, "assign", subject)
    if given:
        raise back(case, "assigned")
    return await case_page(request, case, problem="desk.assign.choose", status=422)


async def hand_back(request: web.Request) -> NoReturn:
    """Put a case back into the queue."""
    case, room = await case_of(request), request.app[ROOM]
    async with room.database.write() as connection:
        if await acts.hand_back(connection, case.id, request[OPERATOR].id, room.clock()):
            await audit.append(connection, room.clock(), request[OPERATOR].name, "return", f"case {case.number}")
    raise back(case, "returned")


async def note(request: web.Request) -> web.Response:
    """Write something down for colleagues."""
    case, room = await case_of(request), request.app[ROOM]
    text = field(await request.post(), "note")
    if not 0 < len(text) <= LONGEST_NOTE:
        return await case_page(request, case, problem="desk.note_for_staff.length", status=422)
    async with room.database.write() as connection:
        kept = await add_note(connection, room.keys, case.id, request[OPERATOR].id, text, room.clock())
        if kept:
            await audit.append(connection, room.clock(), request[OPERATOR].name, "note", f"case {case.number}")
    raise back(case, "noted" if kept else "before")


async def mode(request: web.Request) -> NoReturn:
    """Say what the bot does while the case is open."""
    case, wanted = await case_of(request), field(await request.post(), "mode")
    if wanted in MODES:
        await _act(request, case, "mode", CaseMode(case.id, wanted, request[OPERATOR].id))
    raise back(case, "mode")


async def correct(request: web.Request) -> web.Response:
    """Offer the worker another value for a field of the form; it changes only with their yes.

    What the form itself could not read is refused here.
    """
    case, typed = await case_of(request), await request.post()
    name, value = field(typed, "field"), field(typed, "value")
    if name not in FIELDS or not 0 < len(value) <= LONGEST_VALUE:
        return await case_page(request, case, problem="desk.correct.choose", status=422)
    room, operator = request.app[ROOM], request[OPERATOR]
    async with room.database.read() as connection:
        session = session_of(await chat_by_id(connection, room.keys, case.chat_id))
    wanted = change(View(session or fresh(), Facts(), room.clock()), name, value)
    if isinstance(wanted, Say):
        return await case_page(request, case, problem=wanted.key, status=422)
    what = StaffProposes(case.id, operator.name.capitalize(), name, value, operator.id)
    await _act(request, case, "correct", what, name)
    raise back(case, "offered")


async def lead(request: web.Request) -> web.Response:
    """Send the worker into a flow, where the bot goes on."""
    case, flow = await case_of(request), field(await request.post(), "flow")
    if flow not in LEADS:
        return await case_page(request, case, problem="desk.lead.choose", status=422)
    await _act(request, case, "lead", StaffLeads(case.id, flow, request[OPERATOR].id), flow)
    raise back(case, "led")


async def close(request: web.Request) -> NoReturn:
    """Close the case; the bot goes on at the question where it stopped."""
    case, wanted = await case_of(request), field(await request.post(), "resolution")
    room, operator = request.app[ROOM], request[OPERATOR]
    resolution = wanted if wanted in RESOLUTIONS else "answered"
    times = f"close:{case.id}:{case.reopened}" if case.reopened else f"close:{case.id}"
    what = CaseClosed(case.id, operator.id, resolution)
    new = await done(request, case, Act(times, what, "close", f"case {case.number}"))
    async with room.database.write() as connection:
        await drop_drafts(connection, case.number)
    raise back(case, "closed" if new else "before")


async def reopen(request: web.Request) -> NoReturn:
    """Open a case for the worker of one that is closed, a new one unless that was lately, and go there."""
    case, room, operator = await case_of(request), request.app[ROOM], request[OPERATOR]
    if case.address is None or case.state == "open":
        raise back(case, "before")
    form = form_id((await request.post()).get("form"))
    what = StaffOpens(by=operator.id)
    await room.do(operator, case.address, Act(f"open:{case.id}:{form}", what, "open", f"after case {case.number}"))
    async with room.database.read() as connection:
        opened = await open_case_of(connection, room.keys, case.chat_id)
    raise back(opened or case, "opened")


async def reveal(request: web.Request) -> web.Response:
    """Show one field, or all, for a reason; audited first."""
    case, typed, room = await case_of(request), await request.post(), request.app[ROOM]
    wanted, why = field(typed, "field"), field(typed, "why")
    async with room.database.read() as connection:
        person = person_in(session_of(await chat_by_id(connection, room.keys, case.chat_id)), case.person)
    known = {} if person is None or case.anonymous else values_of(person)
    names = tuple(name for name in known if wanted in (name, "all"))
    if not names or why not in WHY_REVEAL:
        return await case_page(request, case, problem="desk.reveal.missing", status=422)
    async with room.database.write() as connection:
        subject = f"case {case.number} {','.join(names)} {why}"
        await audit.append(connection, room.clock(), request[OPERATOR].name, "reveal", subject)
    return await case_page(request, case, revealed={name: known[name] for name in names})


async def _act(
    request: web.Request, case: Case, name: str, what: CaseMode | StaffProposes | StaffLeads, about: str = ""
) -> None:
    """Do something to the chat under an id of its form, so that it counts once."""
    form = form_id((await request.post()).get("form"))
    subject = f"case {case.number} {about}".rstrip()
    await done(request, case, Act(f"{name}:{case.id}:{form}", what, name, subject))
