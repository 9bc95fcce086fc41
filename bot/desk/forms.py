"""Forms signed by people without a phone: staff compare the photo with what was filled in, then it is handed on."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple, NoReturn

from aiohttp import web

from bot.channels.media import kind_of
from bot.desk.masking import masked_number
from bot.desk.media import APART
from bot.desk.pages import field, how_long, page, see
from bot.desk.room import OPERATOR, ROOM, Act
from conversations.messages import Address, FormDecided, SignedOnPaper
from conversations.on_paper import address_of
from storage import audit
from storage.agents import agent_with
from storage.chats import chat_by_id
from storage.forms import Form, form_to_check, forms_to_check, photo_of_form

HERE = "/desk/formulir"
LONGEST_REASON = 200
COMPARED = ("name", "birth_date")
"""What is read on the form and shown in clear; of NIK and phone the last figures are enough to compare."""


class Shown(NamedTuple):
    """A form on the page: its agent's name, what to compare with the photo (label's key, value), how long it waits."""

    form: Form
    agent: str
    compared: tuple[tuple[str, str], ...]
    waits: str


async def show(request: web.Request) -> web.Response:
    """List the forms that wait, the oldest first."""
    return await _page(request)


async def photo(request: web.Request) -> web.Response:
    """Give the photo of a form; that it was looked at is audited.

    Raises:
        HTTPNotFound: there is none, or what came is no picture.
    """
    room, code = request.app[ROOM], request.match_info["form"]
    async with room.database.read() as connection:
        content = await photo_of_form(connection, room.keys, code)
    kind = kind_of(content) if content else ""
    if content is None or not kind.startswith("image/"):
        raise web.HTTPNotFound
    async with room.database.write() as connection:
        await audit.append(connection, room.clock(), request[OPERATOR].name, "form_seen", f"form {code}")
    return web.Response(body=content, content_type=kind, headers=APART)


async def accept(request: web.Request) -> web.Response:
    """Hand on what the person signed for, in a chat of their own, and tell the agent that the form was good."""
    form, typed, room = await _form(request), await request.post(), request.app[ROOM]
    async with room.database.read() as connection:
        agent = await agent_with(connection, room.keys, form.agent)
    if agent is None or not form.has_photo:
        return await _page(request, problem="agent" if form.has_photo else "photo", status=422)
    sees = field(typed, "sees") == "yes" and agent.role != "volunteer"
    what = SignedOnPaper(form.id, form.agent, "agent", form.answers, sees)
    act = Act(f"signed:{form.id}", what, "form_accepted", f"form {form.id}")
    await room.do(request[OPERATOR], address_of(form.id), act)
    return await _tell(request, form, FormDecided(form.id, True, by=request[OPERATOR].name))


async def send_back(request: web.Request) -> web.Response:
    """Send a form back to its agent, with the reason."""
    form, reason = await _form(request), field(await request.post(), "reason")[:LONGEST_REASON]
    if not reason:
        return await _page(request, problem="reason", status=422)
    return await _tell(request, form, FormDecided(form.id, False, reason, request[OPERATOR].name))


async def _tell(request: web.Request, form: Form, what: FormDecided) -> NoReturn:
    """Let the agent's chat know; the form is decided about with it."""
    name = "form_good" if what.good else "form_back"
    act = Act(f"form:{form.id}:{form.sent_at}", what, name, f"form {form.id}")
    done = await request.app[ROOM].do(request[OPERATOR], await _address(request, form), act)
    see(HERE, name if done else "gone")


async def _address(request: web.Request, form: Form) -> Address:
    room = request.app[ROOM]
    async with room.database.read() as connection:
        chat = await chat_by_id(connection, room.keys, form.chat_id)
    if chat is None:
        return see(HERE, "gone")
    return chat.address


async def _form(request: web.Request) -> Form:
    room = request.app[ROOM]
    async with room.database.read() as connection:
        form = await form_to_check(connection, room.keys, request.match_info["form"])
    if form is None:
        return see(HERE, "gone")
    return form


async def _page(request: web.Request, *, problem: str = "", status: int = 200) -> web.Response:
    room = request.app[ROOM]
    async with room.database.read() as connection:
        waiting = await forms_to_check(connection, room.keys)
        names = {form.agent: await agent_with(connection, room.keys, form.agent) for form in waiting}
    agents = {code: agent.data.get("name", "") if agent else "" for code, agent in names.items()}
    now = room.clock()
    shown = [Shown(form, agents[form.agent], compared(form), _waits(request, form, now)) for form in waiting]
    return page(request, "forms.html", status=status, forms=shown, problem=problem)


def compared(form: Form) -> tuple[tuple[str, str], ...]:
    """Return what staff compare with the photo: the field and what was filled in."""
    numbers = ((name, masked_number(str(form.answers.get(name, "")))) for name in ("nik", "phone"))
    return (*((name, str(form.answers.get(name, ""))) for name in COMPARED), *numbers)


def _waits(request: web.Request, form: Form, now: dt.datetime) -> str:
    return how_long(request.app[ROOM].say, form.sent_at or now, now)
