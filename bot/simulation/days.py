"""The days going by: the clock is moved from one round of acts to the next, and stands still while they are taken.

All acts of a round are taken at once, so that they share commits as the acts of a busy real day do. Whoever set a check
or a payment going does not act again before it was answered; so the same seed always meets the same answers.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import heapq
import ipaddress
import itertools
import math
from collections.abc import Awaitable, Callable, Iterable

import aiohttp

from bot.app import Jamin
from bot.clock import Clock
from bot.simulation.acting import Act, Actor
from bot.simulation.phone import Phone
from bot.turns import Committed
from bot.watching import Sent
from conversations.messages import Address, Incoming
from conversations.programmes.reminding import WIB

ROUND = dt.timedelta(seconds=120)
"""Everything happens in rounds this far apart."""
WAKES, SLEEPS = 6, 22
"""The hours between which people do things; what falls into the night waits for the morning."""
BROWSER = "Mozilla/5.0 (Linux; Android 11)"
"""What phones call themselves; each has an address of its own, as at a provider that shares none."""
PATIENCE = 120.0
"""Real seconds to wait for an answer of the backend."""

Errand = Callable[[dt.datetime], Awaitable[None]]


class UnansweredError(Exception):
    """The program did not answer in time."""


class StoppedClock(Clock):
    """A clock that stands still until it is set."""

    def __init__(self, at: dt.datetime) -> None:
        super().__init__()
        self.set(at)

    def __call__(self) -> dt.datetime:
        """Return the moment it was set to."""
        return self._at

    def set(self, at: dt.datetime) -> None:
        """Stand at this moment from now on."""
        self._at = at.astimezone(dt.UTC)

    def forward(self, seconds: float) -> None:
        """Stand that many seconds later."""
        self._at += dt.timedelta(seconds=seconds)


class Stage:
    """Hears what every turn said and lets each phone read what was said there; see `bot.watching.Watcher`."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._phones: dict[Address, Phone] = {}
        self._news = asyncio.Event()

    def add(self, phone: Phone) -> None:
        """Let a phone hear what is said in its chat."""
        self._phones[phone.address] = phone

    def committed(self, batch: Committed) -> None:
        """Pass on what a batch of turns said."""
        now = self._clock()
        for one in batch.taken:
            if phone := self._phones.get(one.address):
                phone.take(one, now)
        self._news.set()

    def sent(self, sent: Sent) -> None:
        """Nobody here cares how often it was tried."""

    async def answered(self, phones: Iterable[Phone] | None = None) -> None:
        """Wait until nothing is under way on these phones, by default on all.

        Raises:
            UnansweredError: that took too long.
        """
        waiting = [phone for phone in phones or self._phones.values() if phone.awaits]
        try:
            async with asyncio.timeout(PATIENCE):
                while any(phone.awaits for phone in waiting):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise UnansweredError(f"{len(waiting)} chats wait for an answer of the backend") from None


class Days:
    """What is to come, in order of time; `pass_until` lets it happen."""

    def __init__(self, jamin: Jamin, clock: Clock, stage: Stage, http: aiohttp.ClientSession) -> None:
        self._jamin = jamin
        self._clock = clock
        self._stage = stage
        self._http = http
        self._coming: list[tuple[dt.datetime, int, Actor | Errand]] = []
        self._numbers = itertools.count()
        self.opened: dict[dt.date, int] = {}
        """How many pages of links were seen, by day."""
        self.turns = 0
        self._visitors = 0

    @property
    def now(self) -> dt.datetime:
        """The moment it is."""
        return self._clock()

    # --- what is to come ---------------------------------------------------------------------------------------------

    def enter(self, actor: Actor, at: dt.datetime) -> None:
        """Let somebody begin, or go on, at a moment."""
        self._stage.add(actor.phone)
        self._plan(awake(at), actor)

    def do(self, errand: Errand, at: dt.datetime) -> None:
        """Have something done at a moment, once all that came before it was answered."""
        self._plan(at, errand)

    def _plan(self, at: dt.datetime, what: Actor | Errand) -> None:
        heapq.heappush(self._coming, (in_round(at), next(self._numbers), what))

    # --- what happens ------------------------------------------------------------------------------------------------

    async def pass_until(self, end: dt.datetime) -> None:
        """Let everything happen that comes before `end`."""
        while self._coming and self._coming[0][0] < end:
            now = self._coming[0][0]
            due = self._due(now)
            actors = [one for one in due if isinstance(one, Actor)]
            errands = [one for one in due if not isinstance(one, Actor)]
            await self._stage.answered(None if errands else [actor.phone for actor in actors])
            self._clock.set(now)
            for errand in errands:
                await errand(now)
            await asyncio.gather(*(self._act(actor, now) for actor in actors))
        await self._stage.answered()
        self._clock.set(end)

    def _due(self, now: dt.datetime) -> list[Actor | Errand]:
        due = []
        while self._coming and self._coming[0][0] == now:
            due.append(heapq.heappop(self._coming)[2])
        return due

    async def _act(self, actor: Actor, now: dt.datetime) -> None:
        act = next(actor.acts, None)
        if act is None:
            return
        if act.opens:
            await self._open(act.opens, now)
        if act.what is not None:
            await self._say(actor, act)
        if act.then < math.inf:
            self._plan(awake(now + max(ROUND, dt.timedelta(seconds=act.then))), actor)

    async def _say(self, actor: Actor, act: Act) -> None:
        if act.what is None:
            return
        actor.said += 1
        self.turns += 1
        address = actor.phone.address
        incoming = Incoming(address, f"{address.address}/{actor.said}", act.what, self._clock(), source=act.source)
        await self._jamin.turns.take(incoming)

    async def _open(self, code: str, now: dt.datetime) -> None:
        self._visitors += 1
        here = ipaddress.IPv4Address("10.0.0.0") + self._visitors
        headers = {"User-Agent": BROWSER, "X-Forwarded-For": str(here)}
        async with self._http.get(f"{self._jamin.root}/d/{code}", headers=headers, allow_redirects=False) as answer:
            await answer.read()
        if answer.status == 200:
            day = now.astimezone(WIB).date()
            self.opened[day] = self.opened.get(day, 0) + 1


def in_round(at: dt.datetime) -> dt.datetime:
    """Return the first round at a moment or after it."""
    since = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    return since + -(-(at - since) // ROUND) * ROUND


def awake(at: dt.datetime) -> dt.datetime:
    """Return a moment, or the next morning where it falls into the night."""
    local = at.astimezone(WIB)
    if WAKES <= local.hour < SLEEPS:
        return at
    morning = local.replace(hour=WAKES, minute=0, second=0, microsecond=0) + dt.timedelta(minutes=local.minute)
    return morning if local.hour < WAKES else morning + dt.timedelta(days=1)
