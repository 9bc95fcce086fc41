"""10,000 whole enrolments over WhatsApp's wire, on PostgreSQL with two workers, while one after the other is killed."""

from __future__ import annotations

import asyncio
import itertools
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp

from tests.crash.fleet import PLACES, Fleet
from tests.crash.ledger import Tally, balanced
from tests.crash.phones import Messenger, Phone
from tests.databases import Postgres, cluster
from tests.proof.report import Report

PEOPLE = 10_000
KILLS = 60
FEWEST_KILLS = 20
"""At a reduced size they follow each other faster."""
WORKERS = 2
AT_ONCE = 60
"""People who enrol at a time: enough to keep WhatsApp's 80 messages a second busy."""
TRAPPED = 30.0
"""Seconds that a trap may stay unsprung."""
SEED = 20261121


class Course:
    """One run: who enrols, who was killed where, and how many are through."""

    def __init__(self, people: int, kills: int) -> None:
        self.people = people
        self.kills = kills
        self.phones: list[Phone] = []
        self.through = 0
        self.killed: Counter[str] = Counter()
        self.started = time.monotonic()
        self._dice = random.Random(SEED)
        self._room = asyncio.Semaphore(min(AT_ONCE, max(1, people // 20)))

    async def play(self, home: Path, database_url: str) -> Tally:
        """Let everybody enrol while workers die; return the balance."""
        messenger = Messenger()
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(messenger.running())
            fleet = await stack.enter_async_context(Fleet(home, database_url, messenger.url, WORKERS).running())
            connector = aiohttp.TCPConnector(limit=AT_ONCE)
            http = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
            hook = f"{fleet.url}/webhooks/whatsapp"
            self.phones = [Phone(messenger, http, hook, number) for number in numbers(self.people)]
            async with asyncio.TaskGroup() as group:
                killing = group.create_task(self._kill_all(fleet))
                await asyncio.gather(*(self._enrol(phone) for phone in self.phones))
                killing.cancel()
            return await balanced(fleet, messenger, self.phones, enrolled=True)

    async def _enrol(self, phone: Phone) -> None:
        async with self._room:
            await phone.enrol()
        self.through += 1

    async def _kill_all(self, fleet: Fleet) -> None:
        for number in range(1, self.kills + 1):
            while self.through < number * self.people // (self.kills + 1):
                await asyncio.sleep(self._dice.uniform(0.05, 0.15))
            place = await self._kill_one(fleet)
            self.killed[place] += 1
            elapsed = time.monotonic() - self.started
            sys.stderr.write(f"{elapsed:6.0f} s  {self.through:6} through, kill {number}: {place}\n")

    async def _kill_one(self, fleet: Fleet) -> str:
        """Kill one worker, mostly while it works, half of the time at a chosen point; say where."""
        worker = self._dice.choice(fleet.workers)
        if self._dice.random() < 0.9:
            await worker.ready()
        if self._dice.random() < 0.5:
            name = self._dice.choice(sorted(PLACES))
            relay, deaths = worker.wires[PLACES[name].wire], worker.deaths
            relay.trap = PLACES[name].trap
            until = time.monotonic() + TRAPPED
            while worker.deaths == deaths and time.monotonic() < until:
                await asyncio.sleep(0.05)
            relay.trap = None
            if worker.deaths > deaths:
                return name
        while not worker.kill():
            await asyncio.sleep(0.05)
        return "at any moment"


def numbers(people: int) -> Iterator[int]:
    """Give numbers of people whom the reference backend simply accepts: the last four digits say who is refused."""
    return itertools.islice((n for n in itertools.count(1) if 0 < n % 10_000 < 9_000), people)


def run(scale: float) -> Report:
    """Play the run."""
    with cluster(durable=True) as host, tempfile.TemporaryDirectory() as home:
        url = Postgres(host).fresh()
        course = Course(round(PEOPLE * scale), max(FEWEST_KILLS, round(KILLS * scale)))
        tally = asyncio.run(course.play(Path(home), url))
    seconds = time.monotonic() - course.started
    return Report("Enrolments while processes are killed", tuple(_figures(course, tally, seconds)), tally.faults)


def _figures(course: Course, tally: Tally, seconds: float) -> Iterator[tuple[str, str]]:
    yield "enrolments begun", f"{course.people:,}"
    yield "enrolments at the backend", f"{tally.accepted:,}"
    yield "messages taken, each once and in order", f"{tally.said:,}"
    yield "replies that arrived, in order", f"{tally.replies:,}"
    yield "copies of replies, each within the attempts counted for it", f"{tally.copies:,}"
    yield "deadlocks", f"{tally.deadlocks}"
    yield f"kills (`kill -9`) of {WORKERS} workers on one PostgreSQL", f"{course.killed.total()}"
    for place, count in sorted(course.killed.items()):
        yield f"— {place}", f"{count}"
    yield "minutes", f"{seconds / 60:.1f}"
