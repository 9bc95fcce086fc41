"""Agents: who applied, who is one, where they belong and what they may do, and what looks odd in the field."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

from aiohttp import web

from bot.desk.media import APART
from bot.desk.organisations import draw_code
from bot.desk.pages import field, page, see
from bot.desk.room import OPERATOR, ROOM, Act, Room
from bot.field.portraits import PortraitError, portrait
from conversations.flows.apply import ROLES
from conversations.messages import Address, AgencyDecided
from storage import audit
from storage.agents import Agent, agent_by_id, agents_in, keep_photo, place_agent
from storage.chats import chat_by_id
from storage.fairness import LOOK_BACK, odd
from storage.media import sent_when_asked
from storage.operators import Operator
from storage.organisations import open_organisations

HERE = "/desk/agen"
PHOTO_STEP = "agent_photo"
"""The question in whose answer an applicant sends a photo."""
DECISIONS = {
    "applied": ("active", "refused"),
    "active": ("suspended", "ended"),
    "suspended": ("active", "ended"),
}
"""What may be decided about an agent in each state."""
STATES = ("active", "refused", "suspended", "ended")
NEEDS_A_REASON = frozenset({"refused", "suspended", "ended"})
LONGEST_REASON = 200


class Known(NamedTuple):
    """An agent and the address of their chat."""

    agent: Agent
    address: Address


async def show(request: web.Request) -> web.Response:
    """List the applications, the agents, and what supervisors should look at."""
    return await _page(request)


async def decide(request: web.Request) -> web.Response:
    """Decide about an agent; the worker is told in their chat, with the reason."""
    typed, state = await request.post(), request.match_info["state"]
    reason = field(typed, "reason").strip()[:LONGEST_REASON]
    known = await _known(request)
    if known is None or state not in DECISIONS.get(known.agent.state, ()):
        return see(HERE, "gone")
    if state in NEEDS_A_REASON and not reason:
        return await _page(request, problem="reason", status=422)
    if state == "active" and (problem := await _welcome(request, known.agent, typed)):
        return await _page(request, problem=problem, status=422)
    agent = known.agent._replace(role=_role(typed, known.agent))
    done = await decided(request.app[ROOM], request[OPERATOR], agent, known.address, state, reason)
    return see(HERE, "decided" if done else "gone")


async def decided(room: Room, operator: Operator, agent: Agent, address: Address, state: str, reason: str = "") -> bool:
    """Put a decision about an agent into their chat, at `address`; tell whether it was new."""
    what = AgencyDecided(state, agent.code or draw_code(), agent.role, reason, operator.name)
    act = Act(f"agent:{agent.id}:{state}:{agent.decided_at}", what, f"agent_{state}", f"agent {agent.id}")
    return await room.do(operator, address, act)


async def place(request: web.Request) -> web.Response:
    """Put an active agent into another organisation, or give them another role; of the latter they are told."""
    typed, known = await request.post(), await _known(request)
    if known is None or known.agent.state != "active":
        return see(HERE, "gone")
    agent, role = known.agent, _role(typed, known.agent)
    if not await _placed(request, agent, typed):
        return await _page(request, problem="organisation", status=422)
    if role != agent.role:
        what = AgencyDecided("active", agent.code, role, by=request[OPERATOR].name)
        act = Act(f"agent:{agent.id}:{role}:{agent.decided_at}", what, "agent_role", f"agent {agent.id} {role}")
        await request.app[ROOM].do(request[OPERATOR], known.address, act)
    return see(HERE, "placed")


async def photo(request: web.Request) -> web.Response:
    """Show the photo that an applicant sent.

    Raises:
        HTTPNotFound: there is none, or it is no picture.
    """
    known, room = await _known(request), request.app[ROOM]
    if known is None or known.agent.chat_id is None:
        raise web.HTTPNotFound
    async with room.database.read() as connection:
        sent = await sent_when_asked(connection, room.keys, known.agent.chat_id, PHOTO_STEP)
    if sent is None or (shown := await _portrait(sent)) is None:
        raise web.HTTPNotFound
    return web.Response(body=shown, content_type="image/jpeg", headers=APART)


async def remove_photo(request: web.Request) -> web.Response:
    """Take an agent's photo off their page."""
    room, agent_id = request.app[ROOM], request.match_info["agent"]
    async with room.database.write() as connection:
        await audit.append(connection, room.clock(), request[OPERATOR].name, "agent_photo", f"agent {agent_id} none")
        await keep_photo(connection, room.keys, agent_id, None)
    return see(HERE, "placed")


# --- what belongs to an approval -------------------------------------------------------------------------------------


async def _welcome(request: web.Request, agent: Agent, typed: Mapping[str, object]) -> str:
    """Note where a new agent belongs, and show their photo if staff found it good; return what is wrong, "" if nothing
    is."""
    if not await _placed(request, agent, typed):
        return "organisation"
    if not field(typed, "photo") or agent.chat_id is None:
        return ""
    room = request.app[ROOM]
    async with room.database.read() as connection:
        sent = await sent_when_asked(connection, room.keys, agent.chat_id, PHOTO_STEP)
    shown = await _portrait(sent) if sent else None
    if shown is None:
        return "photo"
    async with room.database.write() as connection:
        await audit.append(connection, room.clock(), request[OPERATOR].name, "agent_photo", f"agent {agent.id}")
        await keep_photo(connection, room.keys, agent.id, shown)
    return ""


async def _placed(request: web.Request, agent: Agent, typed: Mapping[str, object]) -> bool:
    """Put an agent into the organisation that was chosen, "" for none; tell whether it may take people."""
    room, wanted = request.app[ROOM], field(typed, "organisation") or None
    if wanted == agent.organisation_id:
        return True
    async with room.database.write() as connection:
        if wanted and wanted not in {one.id for one in await open_organisations(connection)}:
            return False
        subject = f"agent {agent.id} organisation {wanted or 'none'}"
        await audit.append(connection, room.clock(), request[OPERATOR].name, "agent_placed", subject)
        await place_agent(connection, agent.id, wanted)
    return True


async def _portrait(content: bytes) -> bytes | None:
    try:
        return await asyncio.to_thread(portrait, content)
    except PortraitError:
        return None


def _role(typed: Mapping[str, object], agent: Agent) -> str:
    role = field(typed, "role")
    return role if role in ROLES else agent.role


# --- the page --------------------------------------------------------------------------------------------------------


async def _known(request: web.Request) -> Known | None:
    room = request.app[ROOM]
    async with room.database.read() as connection:
        agent = await agent_by_id(connection, room.keys, request.match_info["agent"])
        chat = await chat_by_id(connection, room.keys, agent.chat_id) if agent and agent.chat_id else None
    return Known(agent, chat.address) if agent and chat else None


async def _page(request: web.Request, *, problem: str = "", status: int = 200) -> web.Response:
    room = request.app[ROOM]
    async with room.database.read() as connection:
        shown = {
            "listed": {state: await agents_in(connection, room.keys, state) for state in DECISIONS},
            "organisations": await open_organisations(connection),
            "odd": await odd(connection, room.clock() - LOOK_BACK),
        }
    rules = {"decisions": DECISIONS, "needing": NEEDS_A_REASON, "roles": ROLES}
    return page(request, "agents.html", status=status, problem=problem, **shown, **rules)
