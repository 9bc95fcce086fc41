"""The real program, killed with `kill -9` at each point between two durable steps and at random, loses and doubles
nothing. The long version of this is `make proof`."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.crash.fleet import PLACES, Fleet, Place
from tests.crash.ledger import balanced
from tests.crash.phones import Messenger, Phone
from tests.databases import Postgres, Sqlite

KILLS, PEOPLE = 3, 10


class Scene:
    """A fleet, the messenger, and phones that enrol."""

    def __init__(self, fleet: Fleet, messenger: Messenger, http: aiohttp.ClientSession) -> None:
        self.fleet = fleet
        self.messenger = messenger
        self.phones: list[Phone] = []
        self._http = http

    def phone(self) -> Phone:
        """Hand out another phone."""
        number = len(self.phones) + 1
        self.phones.append(Phone(self.messenger, self._http, f"{self.fleet.url}/webhooks/whatsapp", number))
        return self.phones[-1]

    async def killed_at(self, place: Place) -> None:
        """Enrol somebody while every worker has this trap set; wait until it is through, and one died of it."""
        before = self.deaths
        for worker in self.fleet.workers:
            worker.wires[place.wire].trap = place.trap
        await self.phone().enrol()
        assert self.deaths > before
        for worker in self.fleet.workers:
            worker.wires[place.wire].trap = None

    @property
    def deaths(self) -> int:
        """How often anybody was killed."""
        return sum(worker.deaths for worker in self.fleet.workers)


@contextlib.asynccontextmanager
async def scene(home: Path, database_url: str, workers: int) -> AsyncIterator[Scene]:
    """Run everything while the block lasts."""
    messenger = Messenger()
    async with (
        messenger.running(),
        Fleet(home, database_url, messenger.url, workers).running() as fleet,
        aiohttp.ClientSession() as http,
    ):
        yield Scene(fleet, messenger, http)


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """The URL of a fresh, migrated PostgreSQL database."""
    return postgres.fresh()


@pytest.fixture
def sqlite_url(sqlite: Sqlite) -> str:
    """The URL of a fresh, migrated SQLite file."""
    return sqlite.fresh()


async def test_killed_at_every_point_with_two_workers(postgres_url: str, tmp_path: Path) -> None:
    """On PostgreSQL, whichever of two workers reaches the point first dies there; the other takes over."""
    async with scene(tmp_path, postgres_url, 2) as played:
        for place in PLACES.values():
            await played.killed_at(place)
        tally = await balanced(played.fleet, played.messenger, played.phones, enrolled=True)
    assert tally.faults == ()
    assert tally.accepted == len(PLACES)


async def test_killed_at_every_point_on_sqlite(sqlite_url: str, tmp_path: Path) -> None:
    """One process on a file is started again and goes on where it died."""
    reached = [place for place in PLACES.values() if place.wire != "database"]
    async with scene(tmp_path, sqlite_url, 1) as played:
        for place in reached:
            await played.killed_at(place)
        tally = await balanced(played.fleet, played.messenger, played.phones, enrolled=True)
    assert tally.faults == ()
    assert tally.accepted == len(reached)


async def test_killed_at_random_with_two_workers(postgres_url: str, tmp_path: Path) -> None:
    """While people enrol at once, workers die at any moment; everybody gets there once."""
    dice = random.Random(11)
    async with scene(tmp_path, postgres_url, 2) as played:
        enrolling = asyncio.gather(*(played.phone().enrol() for _ in range(PEOPLE)))
        while played.deaths < KILLS and not enrolling.done():
            await asyncio.sleep(dice.uniform(0.3, 1.2))
            dice.choice(played.fleet.workers).kill()
        await enrolling
        tally = await balanced(played.fleet, played.messenger, played.phones, enrolled=True)
    assert tally.faults == ()
    assert tally.accepted == PEOPLE
