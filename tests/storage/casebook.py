"""Chats with the real core over a real database, for tests of what is kept about cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from bot.outbox import Outbox
from bot.playing import Core
from bot.turns import Turns
from bot.wording import load_speech
from conversations.engine import take_turn
from conversations.messages import Address, CaseClosed, Incoming, StaffSaid, Text, What
from conversations.turn import Facts, Lacking
from storage.cases import Case, cases_numbered, queue
from storage.cases.events import Event, of_case
from storage.database import Database
from storage.operators import Operator, keep_operator
from storage.sealing import KeyRing
from tests.chat import facts, fetched

MONDAY = dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC)
"""A Monday, nine o'clock in Jakarta."""

Given = TypeVar("Given")


async def _fetched(needed: Lacking, known: Facts) -> Facts:
    return fetched(needed, known)


class Casebook:
    """Lets things happen in chats, and reads what was kept."""

    def __init__(self, database: Database, keys: KeyRing, turns: Turns) -> None:
        self.database = database
        self.keys = keys
        self.now = MONDAY
        self._turns = turns
        self._sent = 0

    def later(self, **span: float) -> dt.datetime:
        """Let time pass."""
        self.now += dt.timedelta(**span)
        return self.now

    async def happen(self, chat: str, *what: What | str, channel: str = "web") -> None:
        """Let things come into a chat; a text is typed."""
        for one in what:
            self._sent += 1
            said = Text(one) if isinstance(one, str) else one
            await self._turns.take(Incoming(Address(channel, "bot", chat), f"{self._sent}", said))

    async def call(self, chat: str, *said: str, channel: str = "web") -> Case:
        """Let a worker call for staff; return the case."""
        await self.happen(chat, *(said or ("halo", "petugas")), channel=channel)
        found = await self.read(queue, self.keys)
        return max(found, key=lambda case: (case.since, case.number))

    async def answer(self, case: Case, by: str = "sari") -> None:
        """Let an operator write to the worker."""
        await self.staff(case, StaffSaid(case.id, by, "Halo, Kak.", by))

    async def close(self, case: Case, by: str = "sari", resolution: str = "answered") -> None:
        """Let an operator close a case."""
        await self.staff(case, CaseClosed(case.id, by, resolution))

    async def staff(self, case: Case, what: What) -> None:
        """Let an operator do something in the chat of a case."""
        assert case.address is not None
        self._sent += 1
        await self._turns.take(Incoming(case.address, f"desk {self._sent}", what))

    async def operator(self, name: str) -> str:
        """Make an operator; return the id."""
        await self.write(keep_operator, Operator(name, name, "", "operator", must_change=False), self.now)
        return name

    async def fresh(self, case: Case) -> Case:
        """Read a case as it is now."""
        [found] = await self.read(cases_numbered, self.keys, (case.number,))
        return found

    async def events(self, case: Case) -> list[Event]:
        """Read what happened to a case."""
        return await self.read(of_case, case.number)

    async def read(self, work: Callable[..., Awaitable[Given]], *given: Any) -> Given:
        """Read something in a transaction of its own."""
        async with self.database.read() as connection:
            return await work(connection, *given)

    async def write(self, work: Callable[..., Awaitable[Given]], *given: Any) -> Given:
        """Do something in a transaction of its own."""
        async with self.database.write() as connection:
            return await work(connection, *given)


@asynccontextmanager
async def open_casebook(database: Database, keys: KeyRing) -> AsyncIterator[Casebook]:
    """Open a casebook; its clock is the one of the turns."""

    def clock() -> dt.datetime:
        return book.now

    outbox = Outbox(database, keys, {}, holder="test", clock=clock)
    core = Core(take_turn, load_speech().message)
    turns = Turns(database, keys, core, outbox, clock=clock, fetch=_fetched, facts=facts())
    book = Casebook(database, keys, turns)
    await turns.start()
    yield book
    await turns.stop()
