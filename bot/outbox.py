"""Delivering what the turns left (law 5): replies to messengers, hand-offs to the backend, reminders, broadcasts.

Every attempt is counted and committed before the sending. Rows of one chat and order key are sent one after the other:
a row to be retried holds up its later ones, a dead row holds up nothing. Fresh replies come straight from the turn that
wrote them; a look each second finds what is due again and what a crash left.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import structlog

from bot.playing import where
from bot.turns import BusyError, Clock, Taken
from conversations.effects import CheckIdentity, ReadKtp, SubmitEnrolment
from conversations.messages import EnrolmentAnswered, IdentityChecked, Incoming, KtpRead, Left
from storage.database import Database, Trouble, trouble
from storage.deliveries import BULK, LEASE, PROMPT, Claim, Delivery, Settled, claim_ready, free_all, has_due, settle
from storage.sealing import KeyRing

MOST_ATTEMPTS = 20
LONGEST_WAIT = 600.0
"""Seconds between two attempts at most; with twenty attempts a row is given up after some two hours."""
SENDING = 20.0
"""Seconds a sender may take. Twice that is less than a lease: nobody else takes a row while it is being sent."""
SETTLE_AFTER = 0.02
"""Seconds that outcomes wait for a turn to take them along, before they get a transaction of their own."""
MOST_HELD = 512
BULK_CHUNK = 32
"""Reminders and broadcasts claimed at a time: small, so that a reply never waits behind many of them."""
LOOK_EVERY = 1.0

log = structlog.get_logger(__name__)

Take = Callable[[Incoming], Awaitable[Taken]]
_Key = tuple[int, str]


class DeliveryError(Exception):
    """The base of what a sender may raise; anything else counts as an outcome that the wire left unknown."""


class RefusedError(DeliveryError):
    """Not delivered for now (429, 5xx, connection refused); try again in `retry_after` seconds if it says so."""

    def __init__(self, retry_after: float = 0.0) -> None:
        super().__init__(f"refused, retry after {retry_after:g} s")
        self.retry_after = retry_after


class UnreachableError(DeliveryError):
    """Nobody knows whether it was delivered: a time-out, a connection lost half-way."""


class GoneError(DeliveryError):
    """It will never be delivered: blocked, no such address, malformed for this channel."""


class BlockedError(GoneError):
    """It will never be delivered, nor anything else to this chat until the worker comes back."""


class HeldError(DeliveryError):
    """It may be delivered once the worker speaks again: until then it is held, and counts no attempts."""


class Sender(Protocol):
    """Delivers rows of one channel."""

    async def send(self, delivery: Delivery) -> Incoming | None:
        """Deliver one row; what comes back at once (a backend's answer) is returned as an incoming of that chat, with
        `answer_id(delivery)` as its id.

        Raises:
            RefusedError: it was not delivered, but may be later.
            UnreachableError: nobody knows.
            GoneError: it never will be.
            HeldError: it may be once the worker speaks again.
        """


def answer_id(delivery: Delivery) -> str:
    """Return the id of the incoming that answers a hand-off: the same at every attempt, so that it is taken once."""
    return f"handoff {delivery.chat_id}/{delivery.line}"


class Outbox:
    """Sends what is due on the channels of this process. `start` it with the door for answers, `stop` it at the end.

    `serves` names the channels this process delivers to at the moment, by default all that have a sender; where several
    processes run it says for which accounts this one holds the lease.
    """

    def __init__(
        self,
        database: Database,
        keys: KeyRing,
        senders: Mapping[str, Sender],
        *,
        holder: str,
        clock: Clock,
        serves: Callable[[], frozenset[str]] | None = None,
        on_left: Callable[[], None] = lambda: None,
        most_attempts: int = MOST_ATTEMPTS,
        look_every: float = LOOK_EVERY,
        lease: dt.timedelta = LEASE,
    ) -> None:
        self._database = database
        self._keys = keys
        self._senders = senders
        self._holder = holder
        self._clock = clock
        self._serves = serves or (lambda: frozenset(senders))
        self._on_left = on_left
        self._most_attempts = most_attempts
        self._look_every = look_every
        self._lease = lease
        self._queues: dict[_Key, deque[Delivery]] = {}
        self._unsent: deque[_Key] = deque()
        self._held = 0
        self._settled: list[Settled] = []
        self._left = False
        self._open = False
        self._look = asyncio.Event()
        self._to_settle = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._loops: list[asyncio.Task[None]] = []

    async def start(self, take: Take) -> None:
        """Start delivering; answers go through `take`."""
        if self._database.is_sqlite:
            # One server process per file: what is marked as being sent was left by a process that is no more.
            async with self._database.write() as connection:
                await free_all(connection)
        self._take = take
        self._open = True
        self._look.set()
        self._loops = [asyncio.create_task(self._looking()), asyncio.create_task(self._settling())]

    async def stop(self, grace: float = 10.0) -> None:
        """Claim nothing new, let what is being sent end within `grace` seconds, give the rest back."""
        self._open = False
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._send()  # Gives back what no task had begun with.
        # The loops are not cancelled but left to end: a task cancelled inside a transaction can hang its driver.
        self._look.set()
        self._to_settle.set()
        await asyncio.gather(*self._loops)
        await self._write_settled()

    # --- what turns use ----------------------------------------------------------------------------------------------

    def claim(self) -> Claim:
        """Say which channels this process delivers to right now; none while its hands are full."""
        room = self._open and self._held < MOST_HELD
        return Claim(self._holder, self._clock() + self._lease, self._serves() if room else frozenset())

    def hand(self, deliveries: Sequence[Delivery]) -> None:
        """Send rows claimed by this process, each behind the earlier ones of its key."""
        for delivery in deliveries:
            key = (delivery.chat_id, delivery.order_key or str(delivery.line))
            queue = self._queues.get(key)
            if queue is None:
                queue = self._queues[key] = deque()
                self._unsent.append(key)
            queue.append(delivery)
        self._held += len(deliveries)
        self._send_more()

    def wake(self) -> None:
        """Look for rows to claim soon, here and wherever else they may be sent."""
        self._left = True
        self._look.set()
        self._on_left()

    def look(self) -> None:
        """Look at once for rows that are due."""
        self._look.set()

    def take_settled(self) -> list[Settled]:
        """Give the outcomes that wait to be written; the caller writes them or puts them back."""
        settled, self._settled = self._settled, []
        return settled

    def put_back(self, settled: Sequence[Settled]) -> None:
        """Take back outcomes whose transaction failed."""
        self._settled[:0] = settled
        self._to_settle.set()

    # --- sending -----------------------------------------------------------------------------------------------------

    def _send_more(self) -> None:
        """Start one task that sends, and another each time round the loop while keys wait for one: a task that is never
        kept waiting takes all of them, and no key waits for a messenger that is slow with another."""
        if self._unsent:
            task = asyncio.create_task(self._send())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            asyncio.get_running_loop().call_soon(self._send_more)

    async def _send(self) -> None:
        while self._unsent:
            key = self._unsent.popleft()
            await self._work(key, self._queues[key])

    async def _work(self, key: _Key, queue: deque[Delivery]) -> None:
        """Send the rows of one key in order; one that must wait takes those behind it back to the table."""
        try:
            while queue and self._open:
                settled = await self._attempt(queue[0])
                queue.popleft()
                self._settle(settled)
                if settled.state in ("new", "held"):
                    break
        finally:
            for delivery in queue:
                self._settle(self._again(delivery, 0.0, None))
            del self._queues[key]

    async def _attempt(self, delivery: Delivery) -> Settled:
        now = self._clock()
        if (delivery.until - now).total_seconds() < 2 * SENDING:
            return self._again(delivery, 0.0, "LeaseTooShort")
        if delivery.channel not in self._serves():
            # The account is another's by now, or the others may take us for dead: they send it.
            return self._again(delivery, 0.0, "NotServed")
        try:
            async with asyncio.timeout(SENDING):
                answer = await self._senders[delivery.channel].send(delivery)
                if answer is not None:
                    await self._tell(answer)
        except HeldError:
            now = self._clock()
            return Settled(delivery, "held", now, now)
        except GoneError as error:
            return await self._given_up(delivery, error)
        except Exception as error:
            if delivery.attempts >= self._most_attempts:
                return await self._given_up(delivery, error)
            wait = max(getattr(error, "retry_after", 0.0), _backoff(delivery.attempts))
            return self._again(delivery, wait, type(error).__name__)
        now = self._clock()
        return Settled(delivery, "done", now, now)

    def _again(self, delivery: Delivery, seconds: float, error: str | None) -> Settled:
        now = self._clock()
        return Settled(delivery, "new", now, now + dt.timedelta(seconds=seconds), error)

    async def _given_up(self, delivery: Delivery, error: Exception) -> Settled:
        """Mark a row dead, after the chat was told where somebody waits for an answer."""
        log.error("delivery_dead", chat=delivery.chat_id, line=delivery.line, error=type(error).__name__)
        answer = _left(delivery) if isinstance(error, BlockedError) else _undelivered(delivery)
        try:
            if answer is not None:
                await self._tell(answer)
        except Exception as untold:
            return self._again(delivery, LONGEST_WAIT, type(untold).__name__)
        now = self._clock()
        return Settled(delivery, "dead", now, now, type(error).__name__)

    async def _tell(self, answer: Incoming) -> None:
        while True:
            try:
                await self._take(answer)
            except BusyError as busy:
                await asyncio.sleep(busy.retry_after)
            else:
                return

    # --- settling ----------------------------------------------------------------------------------------------------

    def _settle(self, settled: Settled) -> None:
        self._held -= 1
        self._settled.append(settled)
        self._to_settle.set()

    async def _settling(self) -> None:
        while self._open:
            await self._to_settle.wait()
            self._to_settle.clear()
            await asyncio.sleep(SETTLE_AFTER)
            await self._write_settled()
            if self._left:
                self._look.set()

    async def _write_settled(self) -> None:
        """Write all outcomes that wait, in one transaction."""
        settled = self.take_settled()
        if not settled:
            return
        try:
            async with self._database.write() as connection:
                await settle(connection, self._holder, settled)
        except Exception as error:
            # What cannot be marked is found again when its lease ends, and sent once more.
            log.error("not_settled", rows=len(settled), error=type(error).__name__)  # noqa: TRY400
            if trouble(error) is not Trouble.DATA and self._open:
                self._settled[:0] = settled
                asyncio.get_running_loop().call_later(random.uniform(0.1, 1.0), self._to_settle.set)  # noqa: S311

    # --- claiming ----------------------------------------------------------------------------------------------------

    async def _looking(self) -> None:
        while self._open:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), self._look_every)
            self._look.clear()
            try:
                await self._claim_due()
            except Exception as error:
                log.error("not_claimed", error=type(error).__name__, where=where(error))  # noqa: TRY400
                await asyncio.sleep(random.uniform(0.1, 1.0))  # noqa: S311

    async def _claim_due(self) -> None:
        """Claim what is due, replies and hand-offs first, and reminders and broadcasts only while nobody waits."""
        channels = self._serves() & self._senders.keys()
        async with self._database.read() as connection:
            self._left = bool(channels) and await has_due(connection, channels, self._clock())
        room = MOST_HELD - self._held
        if not self._left or room <= 0:
            return
        taken = await self._claim_lanes(PROMPT, room)
        if not taken:
            taken = await self._claim_lanes(BULK, min(room, BULK_CHUNK))
        self.hand(taken)

    async def _claim_lanes(self, lanes: Sequence[str], limit: int) -> list[Delivery]:
        claim = self.claim()
        if not claim.channels:
            return []
        async with self._database.write() as connection:
            taken, broken = await claim_ready(connection, self._keys, claim, self._clock(), lanes, limit)
            await settle(connection, self._holder, broken)
        return taken


def _backoff(attempts: int) -> float:
    """Return the seconds to wait after that many attempts, spread so that many rows do not come back at once."""
    longest = min(LONGEST_WAIT, 2.0 ** (attempts - 1))
    return random.uniform(longest / 2, longest)  # noqa: S311


def _left(delivery: Delivery) -> Incoming:
    """Return what a chat notes whose worker does not want to hear from us."""
    return Incoming(delivery.address, f"left {delivery.chat_id}/{delivery.line}", Left())


def _undelivered(delivery: Delivery) -> Incoming | None:
    """Return what a chat is told about a hand-off that was given up; other rows have nobody waiting in the chat."""
    outcome_id = f"{answer_id(delivery)} undelivered"
    match delivery.what:
        case SubmitEnrolment(person=person, enrolment=enrolment):
            return Incoming(delivery.address, outcome_id, EnrolmentAnswered(person, enrolment, "undelivered"))
        case CheckIdentity(person=person, digest=digest):
            return Incoming(delivery.address, outcome_id, IdentityChecked(person, digest, "unavailable"))
        case ReadKtp(person=person, asking=asking):
            return Incoming(delivery.address, outcome_id, KtpRead(person, asking, advice="unread"))
        case _:
            return None
