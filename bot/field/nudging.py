"""Having somebody nudged: whom an agent may choose, and the tap that has us write to them.

The agent sees a first name and a button. What the button carries says, encrypted, whom it is about and whose page it is
on, so that nobody can make one; whether the nudge is welcome is decided in the person's chat.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

import msgspec
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.web.page import Pages
from bot.field.links import FieldLinks
from bot.tokens import Tokens
from bot.turns import BusyError, Taken
from conversations.messages import AgentNudges, Incoming
from conversations.months import Month, jakarta
from conversations.prodding import EVERY
from conversations.programmes.reminding import WIB, may_remind
from storage.agents import Agent, agent_with
from storage.chats import Chat, chat_by_id
from storage.database import Database
from storage.field import Followed, followed
from storage.nudges import Stopped, last_nudged, stopped
from storage.sealing import KeyRing

GOOD_FOR = 12 * 3600
"""Seconds for which a button on the page may be tapped."""
MOST = 200
NEWS = ("sent", "not_now", "busy", "night")
"""What the page says after a tap."""


class Whom(msgspec.Struct, frozen=True, array_like=True):
    """What a button carries: the agent's own code, where the person is, and by which code they came."""

    agent: str
    chat_id: int
    person: int
    code: str


class Line(NamedTuple):
    """Somebody on the list: the first word of their name, the last month paid (None: none yet), where they stopped (""
    for who enrolled), whether it is time to pay, when they were last nudged, what a button carries ("": not now)."""

    name: str
    paid_until: Month | None
    stopped: str
    due: bool
    nudged_at: dt.datetime | None
    button: str


class Nudging:
    """The buttons of one agent's page, and what a tap on one does."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        clock: Callable[[], dt.datetime],
        take: Callable[[Incoming], Awaitable[Taken]],
        links: FieldLinks,
        pages: Pages,
    ) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._take = take
        self._links = links
        self._pages = pages
        self._tokens = Tokens(keys, "field nudges")

    # --- the list ----------------------------------------------------------------------------------------------------

    async def lines(self, connection: AsyncConnection, agent: Agent, of: Sequence[str]) -> list[Line]:
        """Return those who let the agent see how it goes: who stopped on the way first, then who must pay soonest."""
        drafts = await stopped(connection, self._keys, of, MOST)
        members = await followed(connection, self._keys, of, MOST)
        chats = {one.chat_id for one in drafts} | {one.chat_id for one in members}
        nudged = await last_nudged(connection, chats)
        month = Month.of(self._clock())
        lines = [self._line(agent, one, nudged, None, one.step or "hello", due=False) for one in drafts]
        for one in members:
            until = Month.parse(one.paid_until) if one.paid_until else None
            lines.append(self._line(agent, one, nudged, until, "", due=until is None or until < month))
        return lines

    def _line(
        self,
        agent: Agent,
        one: Stopped | Followed,
        nudged: dict[tuple[int, int], dt.datetime],
        until: Month | None,
        step: str,
        *,
        due: bool,
    ) -> Line:
        last = nudged.get((one.chat_id, one.person))
        may = (due or bool(step)) and (last is None or self._clock() - last >= EVERY)
        whom = Whom(agent.code, one.chat_id, one.person, one.code)
        button = self._tokens.make(msgspec.json.encode(whom)) if may else ""
        return Line(one.name, until, step, due, last, button)

    # --- the tap -----------------------------------------------------------------------------------------------------

    async def nudge(self, request: web.Request) -> web.Response:
        """Write to the person a button stands for; a forged one, or one of another agent's page, does nothing."""
        whom = self._read((await request.post()).get("whom"))
        async with self._database.read() as connection:
            agent = await agent_with(connection, self._keys, whom.agent) if whom else None
            chat = await chat_by_id(connection, self._keys, whom.chat_id) if whom else None
        if whom is None or agent is None or self._links.visitor(request) != agent.code:
            return self._pages.page("field_over.html", self._pages.languages.of(request), status=403)
        raise web.HTTPSeeOther(f"/field?kabar={await self._written(chat, whom, agent)}")

    async def _written(self, chat: Chat | None, whom: Whom, agent: Agent) -> str:
        """Have it said in the chat, at an hour at which one may be reminded; tapped twice on one day it is said once.
        Returns what the page should say of it."""
        if not may_remind(self._clock(), WIB):
            return "night"
        if chat is None:
            return "not_now"
        what = AgentNudges(whom.person, whom.code, agent.data.get("name", ""))
        once = f"nudge {chat.ref} {whom.person} {jakarta(self._clock())}"
        try:
            taken = await self._take(Incoming(chat.address, once, what))
        except BusyError:
            return "busy"
        return "sent" if taken.spoken else "not_now"

    def _read(self, button: object) -> Whom | None:
        made = self._tokens.read(button, GOOD_FOR) if isinstance(button, str) else None
        return msgspec.json.decode(made, type=Whom) if made else None
