"""The one door by which anything reaches a session: `Turns.take` (laws 2 and 3).

All that waits at a moment, at most one incoming a chat, is one transaction: the chats are locked, those incomings that
were taken before are dropped, the core plays the others, everything is written and committed; only then does `take`
return, so that the channel may be told "received". Under light load a batch is one incoming and costs one commit; under
heavy load the commit is shared.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

import structlog
from msgspec.structs import replace

from bot.playing import Core, apologise, bare, cleaned, play, where
from bot.readdressing import concerns, followed, is_in_vain
from conversations.messages import Address, Incoming
from conversations.session import Session
from conversations.turn import Facts, Lacking, Needs
from storage.batch import Batch, Played, Spoken, sources, taken_before
from storage.chats import Chat, Chats
from storage.database import Database, Trouble, complaint, trouble
from storage.deliveries import Claim, Delivery, Settled, settle
from storage.sealing import KeyRing

LARGEST_BATCH = 256
MOST_WAITING = 4096
MOST_A_CHAT = 16
"""Incomings of one chat that may wait: whoever floods us fills their own queue and nobody else's."""
BREATH = 0.002
"""Seconds between two batches where more waits than one can hold, so that the desk and the jobs get to write."""
MOST_NEEDS = 4
"""How often one incoming may ask for facts before it counts as faulty."""
_QUICK, _SLOW = 0.02, 5.0

log = structlog.get_logger(__name__)

Clock = Callable[[], dt.datetime]
Fetch = Callable[[Lacking, Facts], Awaitable[Facts]]


class BusyError(Exception):
    """Too much is waiting, or the program is stopping: the channel should bring this again in `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"come again in {retry_after:g} seconds")
        self.retry_after = retry_after


class EndlessNeedsError(Exception):
    """A turn asked for facts again and again."""


class Taken(NamedTuple):
    """How an incoming was taken, once that is committed.

    A `duplicate` changed nothing and says nothing. `line` is the incoming's number in the chat and `spoken` are the
    replies; `session` is the one after the turn, None where the turn failed and the stored one stayed. `moved` tells
    that the chat changed places with the one that was at `address`.
    """

    address: Address
    duplicate: bool
    line: int = 0
    spoken: tuple[Spoken, ...] = ()
    session: Session | None = None
    outcome: str = "duplicate"
    chat_id: int = 0
    moved: bool = False


class Committed(NamedTuple):
    """A batch that was just committed, and the seconds from asking for its locks to the end of its commit."""

    taken: Sequence[Taken]
    seconds: float


class Deliveries(Protocol):
    """What turns need from the outbox."""

    def claim(self) -> Claim:
        """Say which channels this process delivers to right now, and until when it may hold a row."""

    def hand(self, deliveries: Sequence[Delivery]) -> None:
        """Deliver rows that were committed as claimed by this process."""

    def wake(self) -> None:
        """Look for fresh rows to claim."""

    def take_settled(self) -> list[Settled]:
        """Give the outcomes that wait to be written; the caller writes them or puts them back."""

    def put_back(self, settled: Sequence[Settled]) -> None:
        """Take back outcomes whose transaction failed."""


class _Waiting:
    """One incoming and all that was learned on the way; `faults` counts how often its own writing failed."""

    __slots__ = ("done", "error", "facts", "faults", "incoming", "needs", "since", "sources")

    def __init__(self, incoming: Incoming, known_by: tuple[bytes, ...], facts: Facts) -> None:
        self.incoming = incoming
        self.sources = known_by
        self.facts = facts
        self.needs = 0
        self.error: Exception | None = None
        self.faults = 0
        loop = asyncio.get_running_loop()
        self.since = loop.time()
        self.done: asyncio.Future[Taken] = loop.create_future()


_Result = tuple[_Waiting, Taken | Needs | Incoming]
"""What became of an incoming: taken, to be taken again with more facts, or to be taken in the chat that moved."""


class Turns:
    """Takes incomings in batches. `start` it, `take` from as many tasks as you like, `stop` it."""

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        core: Core,
        outbox: Deliveries,
        *,
        clock: Clock,
        fetch: Fetch,
        facts: Facts = Facts(),  # noqa: B008 - immutable.
        on_committed: Callable[[Sequence[Taken]], None] = lambda _: None,
        on_batch: Callable[[Committed], None] = lambda _: None,
        largest_batch: int = LARGEST_BATCH,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._database = database
        self._keys = keys
        self._core = core
        self._outbox = outbox
        self._clock = clock
        self._fetch = fetch
        self._facts = facts
        self._on_committed = on_committed
        self._on_batch = on_batch
        self._largest_batch = largest_batch
        self._most_waiting = most_waiting
        self._chats = Chats(keys)
        self._ready: dict[Address, deque[_Waiting]] = {}
        self._held: dict[Address, deque[_Waiting]] = {}
        self._waiting = 0
        self._arrived = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._running: asyncio.Task[None] | None = None
        self._open = False
        self.trouble = ""
        """What keeps the database from storing at the moment, in a word; "" where nothing does."""

    # --- the door ----------------------------------------------------------------------------------------------------

    async def take(self, incoming: Incoming) -> Taken:
        """Take one incoming; returns once it is committed, also if it was taken before.

        Raises:
            BusyError: too much is waiting already, of all or of this chat, or the program is stopping.
            Exception: the incoming could not even be recorded; the channel should bring it again.
        """
        if not self._open or self._waiting >= self._most_waiting:
            raise BusyError(1.0)
        incoming = cleaned(incoming)
        waiting = _Waiting(incoming, sources(self._keys, incoming), self._facts)
        queue = self._held.get(incoming.address)
        if queue is None:
            queue = self._ready.setdefault(incoming.address, deque())
        if len(queue) >= MOST_A_CHAT:
            raise BusyError(1.0)
        queue.append(waiting)
        self._waiting += 1
        self._arrived.set()
        return await waiting.done

    @property
    def is_open(self) -> bool:
        """Whether incomings are taken now."""
        return self._open

    @property
    def waiting(self) -> int:
        """How many incomings wait to be taken."""
        return self._waiting

    @property
    def oldest(self) -> float:
        """How many seconds the one that came first has waited."""
        first = (queue[0].since for queue in (*self._ready.values(), *self._held.values()) if queue)
        now = asyncio.get_running_loop().time()
        return now - min(first, default=now)

    async def start(self) -> None:
        """Start taking."""
        self._open = True
        self._running = asyncio.create_task(self._run())

    async def stop(self, grace: float = 10.0) -> None:
        """Take nothing new, finish what waits within `grace` seconds, then give up what is left: it was never
        acknowledged, so its channel brings it again."""
        self._open = False
        self._arrived.set()
        if self._running is not None:
            await asyncio.wait({self._running}, timeout=grace)
            for task in (self._running, *self._tasks):
                task.cancel()
            await asyncio.gather(self._running, *self._tasks, return_exceptions=True)
        for queue in (*self._ready.values(), *self._held.values()):
            for waiting in queue:
                _fail(waiting, BusyError(1.0))

    # --- batches -----------------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while self._open or self._waiting:
            await self._arrived.wait()
            batch = self._next_batch()
            if not batch:
                self._arrived.clear()
                continue
            try:
                await self._settle(batch)
            except asyncio.CancelledError:
                for waiting in batch:
                    _fail(waiting, BusyError(1.0))
                raise
            if self._ready and len(batch) == self._largest_batch:
                await asyncio.sleep(BREATH)

    def _next_batch(self) -> list[_Waiting]:
        """Take the first of each chat, in the order of arrival; chats with more wait behind the others."""
        batch: list[_Waiting] = []
        busy: set[Address] = set()
        for address in list(itertools.islice(self._ready, self._largest_batch)):
            concerned = concerns(self._ready[address][0].incoming)
            if not busy.isdisjoint(concerned):
                continue  # A chat that moves is alone with the one whose place it takes.
            busy.update(concerned)
            queue = self._ready.pop(address)
            batch.append(queue.popleft())
            if queue:
                self._ready[address] = queue
        return batch

    async def _settle(self, batch: list[_Waiting]) -> None:
        """Bring a batch to its end: committed and acknowledged, or halved until the culprit is alone."""
        for attempt in itertools.count():
            started = time.perf_counter()
            try:
                results, written = await self._transact(batch)
            except Exception as error:
                if await self._may_run_again(error, attempt):
                    continue
                await self._split(batch, error)
                return
            self._acknowledge(results, written, time.perf_counter() - started)
            return

    async def _transact(self, batch: Sequence[_Waiting]) -> tuple[list[_Result], Batch]:
        settled = self._outbox.take_settled()
        try:
            return await self._write(batch, settled)
        except BaseException:
            self._outbox.put_back(settled)
            raise

    async def _write(self, batch: Sequence[_Waiting], settled: Sequence[Settled]) -> tuple[list[_Result], Batch]:
        now = self._clock()
        async with self._database.write() as connection:
            addresses = [address for waiting in batch for address in concerns(waiting.incoming)]
            locked = await self._chats.lock(connection, addresses, now)
            before = await taken_before(connection, [known for waiting in batch for known in waiting.sources])
            claim = self._outbox.claim()
            # Outcomes of earlier sendings ride along: it saves a commit, and their chats' next replies need not wait.
            await settle(connection, claim.holder, settled)
            writing = Batch(connection, self._keys, now, claim)
            locked = await writing.look_ahead(locked)
            results = [(waiting, await self._one(writing, locked, waiting, before, now)) for waiting in batch]
            await writing.write()
        return results, writing

    async def _one(
        self,
        writing: Batch,
        locked: Mapping[Address, Chat],
        waiting: _Waiting,
        before: set[bytes],
        now: dt.datetime,
    ) -> Taken | Needs | Incoming:
        chat = locked[waiting.incoming.address]
        if not before.isdisjoint(waiting.sources) or is_in_vain(waiting.incoming, locked):
            return Taken(chat.address, duplicate=True)
        if following := followed(waiting.incoming, chat):
            return following
        played = await self._play(writing, chat, waiting, now)
        if isinstance(played, Needs):
            return played
        if played.error:
            log.error("turn_faulted", chat=chat.id, line=chat.lines + 1, error=played.error)
        kept = await writing.add(chat, waiting.sources[0], played)
        before.update(waiting.sources)
        moved = kept.address != chat.address
        return Taken(kept.address, False, kept.line, kept.spoken, played.session, played.outcome, chat.id, moved)

    async def _play(self, writing: Batch, chat: Chat, waiting: _Waiting, now: dt.datetime) -> Played | Needs:
        if waiting.error is None:
            played = play(self._core, chat, waiting.incoming, now, waiting.facts)
            full = frozenset() if isinstance(played, Needs) else await writing.full_cohorts(played)
            if not full:
                return played
            # A place is the one fact that only the writing transaction knows: who counted on it in vain plays anew.
            return play(self._core, chat, waiting.incoming, now, replace(waiting.facts, full=full))
        if waiting.faults < 2:
            return apologise(self._core, chat, waiting.incoming, now, waiting.facts, waiting.error)
        return bare(waiting.incoming, waiting.error)

    # --- after the commit --------------------------------------------------------------------------------------------

    def _acknowledge(self, results: Sequence[_Result], written: Batch, seconds: float) -> None:
        self.trouble = ""
        taken: list[Taken] = []
        for waiting, result in results:
            if isinstance(result, Needs):
                self._hold(waiting, result)
                continue
            if isinstance(result, Incoming):
                self._follow(waiting, result)
                continue
            self._waiting -= 1
            taken.append(result)
            if not waiting.done.done():
                waiting.done.set_result(result)
        self._outbox.hand(written.claimed)
        if written.left:
            self._outbox.wake()
        try:
            self._on_committed(taken)
            self._on_batch(Committed(taken, seconds))
        except Exception as error:
            log.error("listener_failed", error=type(error).__name__, where=where(error))  # noqa: TRY400 - no values.

    def _hold(self, waiting: _Waiting, needs: Needs) -> None:
        """Keep a chat's later incomings back until this one has its facts."""
        address = waiting.incoming.address
        self._held[address] = self._ready.pop(address, deque())
        self._held[address].appendleft(waiting)
        task = asyncio.create_task(self._supply(waiting, needs))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _follow(self, waiting: _Waiting, moved: Incoming) -> None:
        """Take an incoming in the chat's new place, behind what waits there."""
        waiting.incoming, waiting.sources = moved, sources(self._keys, moved)
        queue = self._held.get(moved.address)
        (self._ready.setdefault(moved.address, deque()) if queue is None else queue).append(waiting)
        self._arrived.set()

    async def _supply(self, waiting: _Waiting, needs: Needs) -> None:
        waiting.needs += 1
        try:
            if waiting.needs > MOST_NEEDS:
                raise EndlessNeedsError  # noqa: TRY301 - treated like a fetch that failed.
            waiting.facts = await self._fetch(needs.what, waiting.facts)
        except Exception as error:
            log.warning("facts_missing", error=type(error).__name__, where=where(error))
            waiting.error = error
        self._ready[waiting.incoming.address] = self._held.pop(waiting.incoming.address)
        self._arrived.set()

    # --- when a write fails ------------------------------------------------------------------------------------------

    async def _may_run_again(self, error: Exception, attempt: int) -> bool:
        """Wait as long as this failure calls for; tell whether the same batch is to be run again."""
        kind = trouble(error)
        self.trouble = complaint(error) if kind is Trouble.AWAY else ""
        if kind is Trouble.DATA:
            return False
        log.warning("batch_runs_again", error=type(error).__name__, trouble=kind.name, attempt=attempt + 1)
        longest = min(_SLOW, _QUICK * 2**attempt)
        await asyncio.sleep(random.uniform(longest / 2, longest))  # noqa: S311 - only spreads the load.
        return True

    async def _split(self, batch: list[_Waiting], error: Exception) -> None:
        """Halve a batch that cannot be written; alone, the culprit gets an apology, then a bare record, then is
        refused."""
        if len(batch) > 1:
            middle = len(batch) // 2
            await self._settle(batch[:middle])
            await self._settle(batch[middle:])
            return
        [culprit] = batch
        culprit.error, culprit.faults = error, culprit.faults + 1
        log.error("incoming_not_written", error=type(error).__name__, where=where(error), attempt=culprit.faults)
        if culprit.faults <= 2:
            await self._settle(batch)
            return
        self._waiting -= 1
        _fail(culprit, error)


def _fail(waiting: _Waiting, error: Exception) -> None:
    if not waiting.done.done():
        waiting.done.set_exception(error)
