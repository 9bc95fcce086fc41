"""A process to be killed: takes incomings from its stdin and acknowledges each on its stdout once it is committed.

Arguments: database URL, JAMIN_KEYS. A line in is "<number> <chat>"; the line out is the number. `DIE_AT`, "before 3" or
"after 3", kills the process without warning just before or just after its third commit.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.outbox import Outbox
from bot.turns import Turns
from conversations.messages import Incoming
from conversations.turn import Facts, Lacking
from storage.database import Database, open_database
from storage.deliveries import Delivery
from storage.sealing import KeyRing
from tests import toy


class Nowhere:
    """A channel that delivers nothing and says it did."""

    async def send(self, _delivery: Delivery) -> Incoming | None:
        """Say it arrived."""


class Mortal(Database):
    """A database whose process dies at a chosen commit."""

    def __init__(self, database: Database, die_at: str) -> None:
        super().__init__(database.engine)
        self._when, _, number = die_at.partition(" ")
        self._number = int(number or 0)
        self._commits = itertools.count(1)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Die just before or just after the commit, if it is the one."""
        number = next(self._commits)
        async with super().write() as connection:
            yield connection
            self._die_if("before", number)
        self._die_if("after", number)

    def _die_if(self, when: str, number: int) -> None:
        if (when, number) == (self._when, self._number):
            os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, keys: str) -> None:
    """Take until stdin ends."""
    database = Mortal(open_database(url), os.environ.get("DIE_AT", ""))
    ring = KeyRing.from_text(keys)
    outbox = Outbox(database, ring, {"telegram": Nowhere()}, holder=str(os.getpid()), clock=clock)
    turns = Turns(database, ring, toy.CORE, outbox, clock=clock, fetch=know_nothing)
    await turns.start()
    await outbox.start(turns.take)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with asyncio.TaskGroup() as group:
        async for line in reader:
            number, chat = line.decode().split()
            group.create_task(acknowledge(turns, int(number), chat))
    await turns.stop()
    await outbox.stop()
    await database.close()


async def acknowledge(turns: Turns, number: int, chat: str) -> None:
    """Take one incoming, then tell so."""
    await turns.take(toy.said(number, f"n{number}", chat=chat, channel="telegram"))
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def clock() -> dt.datetime:
    """Tell the time."""
    return dt.datetime.now(dt.UTC)


async def know_nothing(_needs: Lacking, facts: Facts) -> Facts:
    """Add no fact."""
    return facts


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
