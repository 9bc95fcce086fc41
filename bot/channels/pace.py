"""How fast a messenger lets us send: so many messages a second to everybody, and fewer to one chat (DESIGN 6).

Who waits for an answer goes first, reminders and broadcasts after. What would have to wait too long goes back to the
outbox, which holds it without a timer.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from typing import NamedTuple

from bot.outbox import RefusedError

LONGEST = 8.0
"""Seconds that a message waits here for its turn: less than a sender may take (`outbox.SENDING`)."""
REMEMBERED = 10_000
"""Chats whose pace is remembered before those that rest are forgotten."""


class Bucket:
    """`rate` tokens a second flow in, at most `burst` lie ready. Moments are seconds of a monotonic clock."""

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = now

    def wait(self, now: float) -> float:
        """Return the seconds until a token lies ready."""
        return max(0.0, (1.0 - self._level(now)) / self._rate)

    def take(self, now: float) -> None:
        """Take a token."""
        self._tokens, self._at = self._level(now) - 1.0, now

    def is_full(self, now: float) -> bool:
        """Tell whether nothing was taken lately."""
        return self._level(now) >= self._burst

    def _level(self, now: float) -> float:
        return min(self._burst, self._tokens + (now - self._at) * self._rate)


class Limits(NamedTuple):
    """What a messenger allows: messages a second to all and to one chat, and how many may follow each other at once."""

    overall: float
    chat: float
    chat_burst: float = 3.0


class _Queued(NamedTuple):
    yields: bool
    number: int
    turn: asyncio.Future[None]


class Pace:
    """Lets messages through one after the other. Belongs to the one process that sends for an account."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._now = now
        self._all = Bucket(limits.overall, limits.overall, now())
        self._chats: dict[str, Bucket] = {}
        self._queue: list[_Queued] = []
        self._numbers = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    def is_free(self, chat: str) -> bool:
        """Tell whether a message to this chat may go at once."""
        now = self._now()
        return not self._queue and self._all.wait(now) == 0 and self._bucket(chat).wait(now) == 0

    async def enter(self, chat: str, *, awaited: bool) -> None:
        """Wait for the turn of one message; `awaited` where somebody waits for it.

        Raises:
            RefusedError: it would take too long; nothing was sent.
        """
        try:
            async with asyncio.timeout(LONGEST):
                await self._in_chat(chat)
                await self._among_all(awaited)
        except TimeoutError:
            raise RefusedError(1.0) from None

    async def _in_chat(self, chat: str) -> None:
        # Taken before waiting: the next message to this chat then waits behind this one.
        bucket, now = self._bucket(chat), self._now()
        wait = bucket.wait(now)
        bucket.take(now)
        if wait:
            await asyncio.sleep(wait)

    async def _among_all(self, awaited: bool) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._queue, _Queued(not awaited, next(self._numbers), turn))
        if self._timer is None:
            self._let_through()
        await turn

    def _let_through(self) -> None:
        self._timer = None
        while self._queue:
            if self._queue[0].turn.done():  # given up
                heapq.heappop(self._queue)
                continue
            now = self._now()
            if wait := self._all.wait(now):
                self._timer = asyncio.get_running_loop().call_later(wait, self._let_through)
                return
            self._all.take(now)
            heapq.heappop(self._queue).turn.set_result(None)

    def _bucket(self, chat: str) -> Bucket:
        if len(self._chats) > REMEMBERED:
            now = self._now()
            self._chats = {name: bucket for name, bucket in self._chats.items() if not bucket.is_full(now)}
        return self._chats.setdefault(chat, Bucket(self._limits.chat, self._limits.chat_burst, self._now()))
