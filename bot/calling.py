"""Calling the staff: a group at Telegram is told that a case waits, why and how long, with a link, and nothing more.

Masking and audit stay at the desk: who wants to know more signs in there. Each case is told once, and once more when
its target is missed. Many at once are told in one message, and messages keep a distance. Outside of opening hours only
what is urgent is told.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import random
from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple, Protocol

import structlog

from bot.channels.web import Say
from bot.desk.pages import how_long
from bot.desk.reasons import reason_key
from bot.outbox import GoneError
from bot.playing import where
from bot.turns import Clock
from conversations.hours import Hours
from storage.calls import Call, count_attempt, due_calls, note_failed, note_told
from storage.database import Database

EVERY = 10.0
"""Seconds between two looks; a message is sent at most that often, far below what Telegram allows in a group."""
PATIENCE = dt.timedelta(minutes=2)
"""How long a case waits before the group is told: somebody at the desk is usually faster."""
ONE_BY_ONE = 3
"""Calls that get a line and a link each; more of them become a digest."""
MOST = 50
FIRST_RETRY = dt.timedelta(seconds=30)
LONGEST_RETRY = dt.timedelta(minutes=10)

log = structlog.get_logger(__name__)


class Caller(Protocol):
    """What calling needs of a messenger."""

    @property
    def channels(self) -> frozenset[str]:
        """The channels this process sends on right now."""

    async def tell_group(self, chat: str, text: str) -> None:
        """Say something in a group; see `outbox.Sender` for what is raised."""


class Group(NamedTuple):
    """A group of staff: the messenger it is at, its number there, and when staff answer."""

    messenger: Caller
    chat: str
    hours: Hours


class Calling:
    """Tells one group what waits; `root` is where the desk is. Only the process that has the account does it."""

    def __init__(self, database: Database, group: Group, *, say: Say, clock: Clock, root: str) -> None:
        self._database = database
        self._group = group
        self._say = say
        self._clock = clock
        self._root = root

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Call while the block lasts."""
        stopping = asyncio.Event()
        task = asyncio.create_task(self._until(stopping))
        try:
            yield
        finally:
            # Not cancelled but left to end: a task cancelled inside a transaction can hang its driver.
            stopping.set()
            await task

    async def _until(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            try:
                await self.round()
            except Exception as error:
                log.error("calling_failed", error=type(error).__name__, where=where(error))  # noqa: TRY400 - no values.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), EVERY * random.uniform(0.9, 1.1))  # noqa: S311

    async def round(self) -> None:
        """Tell what is due now, in one message."""
        if not self._group.messenger.channels:
            return
        now = self._clock()
        async with self._database.read() as connection:
            due = await due_calls(connection, now, now - PATIENCE, MOST)
        told = [call for call in due if call.priority == 0 or self._group.hours.is_open(now)]
        if told:
            await self._tell(told, now)

    async def _tell(self, told: Sequence[Call], now: dt.datetime) -> None:
        due_at = now + _pause(max(call.attempts for call in told))
        async with self._database.write() as connection:
            await count_attempt(connection, told, now, due_at)
        try:
            await self._group.messenger.tell_group(self._group.chat, self.text(told, now))
        except Exception as error:
            if isinstance(error, GoneError):
                log.error("staff_group_gone", setting="JAMIN_STAFF_TELEGRAM_CHAT")  # noqa: TRY400 - no values.
            async with self._database.write() as connection:
                await note_failed(connection, told, type(error).__name__, due_at)
            return
        async with self._database.write() as connection:
            await note_told(connection, told, self._clock())

    # --- the words ---------------------------------------------------------------------------------------------------

    def text(self, told: Sequence[Call], now: dt.datetime) -> str:
        """Return the message: a line and a link for each case, or how many wait where these are many."""
        if len(told) <= ONE_BY_ONE:
            return "\n\n".join(self._one(call, now) for call in told)
        longest = how_long(self._say, min(call.since for call in told), now)
        numbers = ", ".join(str(call.number) for call in told)
        return self._say("calling.many", n=str(len(told)), longest=longest, numbers=numbers, link=f"{self._root}/desk")

    def _one(self, call: Call, now: dt.datetime) -> str:
        return self._say(
            f"calling.{call.why}",
            number=str(call.number),
            reason=self._say(reason_key(call.reason)),
            waits=how_long(self._say, call.since, now),
            link=f"{self._root}/desk/kasus/{call.number}",
        )


def _pause(attempts: int) -> dt.timedelta:
    return min(LONGEST_RETRY, FIRST_RETRY * (1 << min(attempts, 10)))
