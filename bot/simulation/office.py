"""What the staff of the invented world do at the desk: decide about agents, answer and close cases."""

from __future__ import annotations

import datetime as dt

from bot.app import Jamin
from bot.desk.agents import decided
from bot.desk.room import Act, Room
from bot.simulation.agent import NO_LETTER
from bot.simulation.shares import CAMPAIGNS
from bot.web_app import saying
from conversations.messages import CaseClosed, StaffSaid
from storage.agents import agents_in, keep_code
from storage.cases import UNCLAIMED, Filters, queue
from storage.chats import chat_by_id
from storage.operators import Operator

MOST_CASES = 100
REFUSAL = "Surat tugas belum ada. Silakan coba lagi kalau sudah ada."
ANSWER = "Halo Kak, terima kasih sudah bertanya. Sudah kami cek, silakan dilanjut ya."
OPERATOR = Operator("simulation", "simulasi", "", "supervisor", must_change=False)
"""Nobody can sign in as this one: it is in no table."""


class Office:
    """The staff's side."""

    def __init__(self, jamin: Jamin) -> None:
        self._jamin = jamin
        say = saying(jamin.speech)
        self._room = Room(jamin.database, jamin.keys, jamin.turns.take, jamin.clock, say, manual=False, secure=False)

    async def open_campaigns(self) -> None:
        """Give the campaigns their codes."""
        async with self._jamin.database.write() as connection:
            for code, title in CAMPAIGNS:
                await keep_code(connection, code, "campaign", self._jamin.clock(), title=title)

    async def look_after(self, _: dt.datetime) -> None:
        """Do what waits at the desk."""
        await self._decide()
        await self._answer()

    async def _decide(self) -> None:
        async with self._jamin.database.read() as connection:
            applied = await agents_in(connection, self._jamin.keys, "applied")
            chats = {agent.id: await chat_by_id(connection, self._jamin.keys, agent.chat_id or 0) for agent in applied}
        for agent in applied:
            state, reason = ("refused", REFUSAL) if agent.data["letter"] == NO_LETTER else ("active", "")
            if chat := chats[agent.id]:
                await decided(self._room, OPERATOR, agent, chat.address, state, reason)

    async def _answer(self) -> None:
        """Answer whoever waits, and close the case: the bot goes on."""
        async with self._jamin.database.read() as connection:
            waiting = await queue(connection, self._jamin.keys, Filters(stage=UNCLAIMED), limit=MOST_CASES)
        for case in waiting:
            if case.address is None:
                continue
            said = StaffSaid(case.id, OPERATOR.name.capitalize(), ANSWER, OPERATOR.id)
            name = f"{case.id}:{case.reopened}"
            await self._room.do(OPERATOR, case.address, Act(f"said:{name}", said, "reply", f"case {case.number}"))
            over = CaseClosed(case.id, OPERATOR.id, "answered")
            await self._room.do(OPERATOR, case.address, Act(f"close:{name}", over, "close", f"case {case.number}"))
