"""What happens by the clock alone. A job finds the chats concerned; what becomes of each is a turn like any other."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import structlog

from bot import casework
from bot.turns import BusyError, Clock, Taken
from conversations.messages import Anniversary, DraftExpired, Incoming
from conversations.months import Month
from conversations.programmes.reminding import WIB, may_remind
from conversations.retention import DRAFT_DAYS, HELD_DAYS, MEMBER_DAYS
from storage.chats import idle_drafts, idle_members
from storage.database import Database
from storage.deliveries import expire_held, release_open
from storage.enrolments import anniversaries_in
from storage.erasure import forget_erased
from storage.sealing import KeyRing

EVERY = 900.0
"""Seconds between two rounds."""
CASES_EVERY = 30.0
"""Seconds between two looks at the desk's cases, whose clocks run in minutes."""
OFTEN = 60.0
"""Seconds between two rounds of the jobs with files of their own, which cost nothing while there is nothing to do."""
CHUNK = 200
FAREWELL = dt.timedelta(days=1)
"""How long an erased chat keeps its address, so that its last reply arrives."""

log = structlog.get_logger(__name__)

Take = Callable[[Incoming], Awaitable[Taken]]


class Jobs:
    """Runs the jobs of an installation; `also` are those with files of their own, each of which waits for no other."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        take: Take,
        clock: Clock,
        rules: casework.Rules,
        also: Sequence[Callable[[], Awaitable[None]]] = (),
    ) -> None:
        self._database = database
        self._keys = keys
        self._take = take
        self._clock = clock
        self._rules = rules
        self._also = also

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run rounds in the background while the block lasts."""
        tasks = [asyncio.create_task(_for_ever(self._own_round, EVERY))]
        tasks += [asyncio.create_task(_for_ever(self.look_after_cases, CASES_EVERY))]
        tasks += [asyncio.create_task(_for_ever(job, OFTEN)) for job in self._also]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def look_after_cases(self) -> None:
        """Do what is due now for the cases of the desk."""
        await casework.look_after(self._database, self._rules, self._clock())

    async def round(self) -> None:
        """Do once what is due now; what was done before is known again by the id of its incoming."""
        await self._own_round()
        for job in self._also:
            await job()

    async def _own_round(self) -> None:
        now = self._clock()
        for incoming in (
            *await self._expired_drafts(now),
            *await self._anniversaries(now),
        ):
            with contextlib.suppress(BusyError):
                await self._take(incoming)
        async with self._database.write() as connection:
            await forget_erased(connection, now - FAREWELL)
            await release_open(connection, now)
            await expire_held(connection, now - dt.timedelta(days=HELD_DAYS))

    async def _expired_drafts(self, now: dt.datetime) -> list[Incoming]:
        """Chats that were left for longer than we keep them: drafts, and members long after their last month."""
        async with self._database.read() as connection:
            idle = await idle_drafts(connection, self._keys, now - dt.timedelta(days=DRAFT_DAYS), CHUNK)
            idle += await idle_members(connection, self._keys, now - dt.timedelta(days=MEMBER_DAYS), CHUNK)
        return [Incoming(draft.address, f"draft {draft.ref} {draft.left:%Y-%m-%d}", DraftExpired()) for draft in idle]

    async def _anniversaries(self, now: dt.datetime) -> list[Incoming]:
        """Members whose cover may have lasted whole years with the running month; the core knows for sure."""
        if not may_remind(now, WIB):
            return []
        month = Month.of(now)
        async with self._database.read() as connection:
            found = await anniversaries_in(connection, self._keys, month)
        return [
            Incoming(owner.address, f"anniversary {reference} {month}", Anniversary(owner.person, reference, month))
            for reference, owner in found
        ]


async def _for_ever(job: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        try:
            await job()
        except Exception as error:
            log.error("jobs_failed", error=type(error).__name__)  # noqa: TRY400 - a traceback may show data.
        await asyncio.sleep(seconds * random.uniform(0.9, 1.1))  # noqa: S311 - only spreads the load.
