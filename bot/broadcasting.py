"""Broadcasts: the job that tells them, a chunk at a time, and what the command does."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

from bot.turns import BusyError, Clock, Taken
from conversations.messages import Incoming
from conversations.months import Month
from conversations.programmes.reminding import WIB, WIT, may_remind
from storage.broadcasts import LANE, Addressed, Broadcast, due, expand, find, finish, note, tests_wanted, to_tell
from storage.database import Database
from storage.reminders import still_to_send
from storage.sealing import KeyRing

CHUNK = 200
MOST_AHEAD = 5_000
"""Broadcast messages that wait to be sent at a time, so that stopping one stops it."""
BREATH = 0.01

Take = Callable[[Incoming], Awaitable[Taken]]


def is_hour(now: dt.datetime) -> bool:
    """Tell whether it is an hour for broadcasts in the whole country."""
    return may_remind(now, WIB) and may_remind(now, WIT)


class Broadcasting:
    """Tells what is due; any number of processes may do it at once, since each chat's key is taken once."""

    def __init__(self, database: Database, keys: KeyRing, take: Take, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._take = take
        self._clock = clock

    async def round(self) -> None:
        """Tell what is due, chunk by chunk, unless it is no hour for it."""
        async with self._database.read() as connection:
            waiting, tests = await due(connection, self._clock()), await tests_wanted(connection)
        for reference in tests:
            await self._test(reference)
        for broadcast in waiting:
            more = True
            while more and is_hour(self._clock()):
                more = await self._tell_some(broadcast.id)
                await asyncio.sleep(BREATH)

    async def _test(self, reference: str) -> None:
        """Tell those whom staff named for a test."""
        now = self._clock()
        async with self._database.read() as connection:
            broadcast = await find(connection, reference)
            wanted = await to_tell(connection, self._keys, broadcast, CHUNK, "test") if broadcast else []
        for one in wanted:
            if await self._tell(one) is not None:
                async with self._database.write() as connection:
                    await note(connection, reference, [one.chat_id], "tested", now)

    async def _tell_some(self, reference: str) -> bool:
        """Make and tell a chunk; tell whether there may be more."""
        now = self._clock()
        async with self._database.write() as connection:
            broadcast = await find(connection, reference)
            if broadcast is None or broadcast.state != "scheduled":
                return False
            if await still_to_send(connection, LANE) >= MOST_AHEAD:
                return False
            made = await expand(connection, broadcast, Month.of(now), CHUNK)
            wanted = await to_tell(connection, self._keys, broadcast, CHUNK)
            if not made and not wanted:
                await finish(connection, reference)
        return bool(wanted) and await self._tell_all(broadcast, wanted, now)

    async def _tell_all(self, broadcast: Broadcast, wanted: list[Addressed], now: dt.datetime) -> bool:
        taken = await asyncio.gather(*map(self._tell, wanted))
        found = list(zip(wanted, taken, strict=True))
        async with self._database.write() as connection:
            for state, outcome in (("told", True), ("left_out", False)):
                ids = [one.chat_id for one, did in found if did is outcome]
                await note(connection, broadcast.id, ids, state, now)
        return None not in taken

    async def _tell(self, one: Addressed) -> bool | None:
        """Tell one; whether anything was said, None where too much is waiting."""
        try:
            taken = await self._take(Incoming(one.address, f"broadcast {one.what.key}", one.what))
        except BusyError:
            return None
        return taken.duplicate or bool(taken.spoken)
