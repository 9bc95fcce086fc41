"""Agents: who applied, who is one, and what looks odd in the field."""

from __future__ import annotations

import datetime as dt
import secrets

from aiohttp import web

from bot.desk.pages import field, page, see
from bot.desk.room import OPERATOR, ROOM, Act, Room
from conversations.codes import ALPHABET, LENGTH
from conversations.messages import Address, AgencyDecided
from storage.agents import Agent, agent_by_id, agents_in
from storage.chats import chat_by_id
from storage.fairness import odd
from storage.operators import Operator

HERE = "/desk/agen"
LOOK_BACK = dt.timedelta(days=30)
DECISIONS = {
    "applied": ("active", "refused"),
    "active": ("suspended", "ended"),
    "suspended": ("active", "ended"),
}
"""What may be decided about an agent in each state."""
STATES = ("active", "refused", "suspended", "ended")
NEEDS_A_REASON = frozenset({"refused", "suspended", "ended"})
LONGEST_REASON = 200


async def show(request: web.Request) -> web.Response:
    """List the applications, the agents, and what supervisors should look at."""
    return await _page(request)


async def decide(request: web.Request) -> web.Response:
    """Decide about an agent; the worker is told in their chat, with the reason."""
    room, typed, state = request.app[ROOM], await request.post(), request.match_info["state"]
    reason = field(typed, "reason").strip()[:LONGEST_REASON]
    async with room.database.read() as connection:
        agent = await agent_by_id(connection, room.keys, request.match_info["agent"])
        chat = await chat_by_id(connection, room.keys, agent.chat_id) if agent and agent.chat_id else None
    if agent is None or chat is None or state not in DECISIONS.get(agent.state, ()):
        return see(HERE, "gone")
    if state in NEEDS_A_REASON and not reason:
        return await _page(request, problem="reason", status=422)
    done = await decided(room, request[OPERATOR], agent, chat.address, state, reason)
    return see(HERE, "decided" if done else "gone")


async def decided(room: Room, operator: Operator, agent: Agent, address: Address, state: str, reason: str = "") -> bool:
    """Put a decision about an agent into their chat, at `address`; tell whether it was new."""
    what = AgencyDecided(state, agent.code or _drawn(), agent.role, reason, operator.name)
    act = Act(f"agent:{agent.id}:{state}:{agent.decided_at}", what, f"agent_{state}", f"agent {agent.id}")
    return await room.do(operator, address, act)


def _drawn() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


async def _page(request: web.Request, *, problem: str = "", status: int = 200) -> web.Response:
    room = request.app[ROOM]
    async with room.database.read() as connection:
        listed: dict[str, list[Agent]] = {state: await agents_in(connection, room.keys, state) for state in DECISIONS}
        strange = await odd(connection, room.clock() - LOOK_BACK)
    return page(
        request,
        "agents.html",
        status=status,
        listed=listed,
        decisions=DECISIONS,
        needing=NEEDS_A_REASON,
        odd=strange,
        problem=problem,
    )
