"""Waking whoever waits for what was committed, in this process and in the others.

A reply committed here may be another process's to send, and the page that shows it may be open there. So after each
commit the others are told by PostgreSQL's NOTIFY which chats have something new: numbers of rows, nothing personal.
Nothing rests on it: a process that could not listen for a while looks for itself each second. SQLite has one process,
which tells itself.

Not in the batch's transaction: PostgreSQL lets transactions that notify commit one after the other, each with its own
wait for the disk.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable
from typing import NamedTuple

import msgspec
import structlog

from bot.playing import where
from bot.turns import Clock, Taken
from storage.database import Database
from storage.presence import Session, bury, session

CHANNEL = "jamin"
EVERY = 1.0
"""Seconds between two looks at who is alive; also between two looks at the database while we cannot listen."""
ANSWERING = 5.0
"""Seconds that the server may take to answer on our session before that counts as lost."""
GRACE = 3.0
"""Seconds a process may be without a session, for example after its connection broke, before it counts as dead."""
MOST_CHATS = 300
"""Chats named in one notification, which may have 8,000 bytes."""
MOST_UNTOLD = 10_000
"""Chats that wait to be told of; with more of them, others are told that anything may have changed."""

log = structlog.get_logger(__name__)


class News(NamedTuple):
    """What was committed: the numbers of the `chats` that have something new, None if nobody knows which, and whether
    rows wait in the outbox that the committing process does not send itself."""

    chats: frozenset[int] | None = frozenset()
    due: bool = False


ANYTHING = News(None, due=True)
Listener = Callable[[News], None]
_DECODER = msgspec.json.Decoder(News)


class Waking:
    """Tells those who subscribed what any process committed. On PostgreSQL it also shows that this process is alive,
    and frees what dead ones held; a process that is not seen to be alive may not claim anything."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._listeners: list[Listener] = []
        self._untold = News()
        self._to_tell = asyncio.Event()
        self._present = asyncio.Event()
        self._stopping = False
        self._absent: dict[str, float] = {}

    @property
    def is_seen(self) -> bool:
        """Whether others can see that this process lives."""
        return self._database.is_sqlite or self._present.is_set()

    def subscribe(self, listener: Listener) -> None:
        """Call `listener` after every commit, here or elsewhere; it must return at once."""
        self._listeners.append(listener)

    def tell_committed(self, taken: Iterable[Taken]) -> None:
        """Tell of turns that this process committed."""
        taken = tuple(taken)
        # Where a chat moved, whoever listens there knows it by another number.
        moved = any(one.moved for one in taken)
        self._tell(News(None if moved else frozenset(one.chat_id for one in taken if not one.duplicate)))

    def tell_due(self) -> None:
        """Tell of rows that this process left to others."""
        self._tell(News(due=True))

    def _tell(self, news: News) -> None:
        self._spread(news)
        if not self._database.is_sqlite:
            self._untold = merged(self._untold, news)
            self._to_tell.set()

    def _spread(self, news: News) -> None:
        for listener in self._listeners:
            try:
                listener(news)
            except Exception as error:
                log.error("listener_failed", error=type(error).__name__, where=where(error))  # noqa: TRY400 - no values.

    # --- the session -------------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listen and tell while the block lasts; begins once this process is seen to be alive."""
        if self._database.is_sqlite:
            yield
            return
        task = asyncio.create_task(self._for_ever())
        try:
            await self._present.wait()
            yield
        finally:
            # Not cancelled but left to end: a task cancelled while it writes can hang its driver.
            self._stopping = True
            self._to_tell.set()
            await task

    async def _for_ever(self) -> None:
        while not self._stopping:
            try:
                async with session(self._database) as opened:
                    await self._attend(opened)
            except Exception as error:
                log.warning("not_listening", error=type(error).__name__, where=where(error))
            if self._present.is_set():
                self._present.clear()  # It may well be back at once.
            elif not self._stopping:
                await asyncio.sleep(EVERY)
                self._spread(ANYTHING)

    async def _attend(self, opened: Session) -> None:
        """Be seen, listen, tell and look after the dead, until the connection breaks or we stop."""
        await opened.listen(CHANNEL, self._hear, self._to_tell.set)
        if not await opened.show_up(self._clock()):
            return
        self._present.set()
        self._absent = {}  # Whom we did not see while we could see nobody may live.
        self._spread(ANYTHING)  # Whatever was told while we did not listen.
        looked = 0.0
        while not self._stopping:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._to_tell.wait(), EVERY)
            self._to_tell.clear()
            await self._notify(opened)
            if time.monotonic() - looked >= EVERY:
                looked = time.monotonic()
                await self._bury(opened)
        await opened.sign_off()
        self._present.clear()

    async def _notify(self, opened: Session) -> None:
        untold, self._untold = self._untold, News()
        async with asyncio.timeout(ANSWERING):
            for payload in payloads(untold):
                await opened.notify(CHANNEL, payload)

    def _hear(self, payload: str) -> None:
        try:
            self._spread(_DECODER.decode(payload))
        except msgspec.DecodeError:
            log.warning("notification_malformed")

    # --- the dead ----------------------------------------------------------------------------------------------------

    async def _bury(self, opened: Session) -> None:
        """Take over from processes that were not seen for a while. The look also shows whether our session holds."""
        now = time.monotonic()
        async with asyncio.timeout(ANSWERING):
            absent = await opened.absent()
        self._absent = {name: self._absent.get(name, now) for name in absent}
        dead = [name for name, since in self._absent.items() if now - since >= GRACE]
        if not dead:
            return
        try:
            buried = await bury(self._database, dead)
        except Exception as error:
            log.error("not_buried", error=type(error).__name__, where=where(error))  # noqa: TRY400 - no values.
            return
        if buried:
            log.warning("processes_buried", processes=buried)
            self._tell(ANYTHING)


def merged(one: News, other: News) -> News:
    """Return both in one; too many chats are as good as any."""
    due = one.due or other.due
    if one.chats is None or other.chats is None or len(one.chats) + len(other.chats) > MOST_UNTOLD:
        return News(None, due)
    return News(one.chats | other.chats, due)


def payloads(news: News) -> list[str]:
    """Write news as notifications, each short enough for PostgreSQL; none at all if there is nothing to tell."""
    if news == News():
        return []
    if news.chats is None:
        parts = [news]
    else:
        chats = sorted(news.chats)
        parts = [News(frozenset(chats[n : n + MOST_CHATS]), news.due) for n in range(0, len(chats) or 1, MOST_CHATS)]
    return [msgspec.json.encode(part).decode() for part in parts]
