"""The trail of what happened: in order for whoever follows it, also while many write at once."""

from __future__ import annotations

import asyncio
import random

from storage.cases.events import HEARD, KINDS, Event, New, append, newest, of_case, since
from storage.database import Database
from tests.storage.casebook import MONDAY

WRITERS, EACH = 8, 12


async def _write(database: Database, number: int, pause: float) -> None:
    """Append two events in one transaction that takes its time before it commits."""
    async with database.write() as connection:
        await append(connection, New(number, number, HEARD, MONDAY), New(number, number, HEARD, MONDAY))
        await asyncio.sleep(pause)


async def _follow(database: Database, wanted: int) -> list[Event]:
    """Read what is new, again and again, as a page does."""
    seen: list[Event] = []
    while len(seen) < wanted:
        async with database.read() as connection:
            seen += await since(connection, seen[-1].n if seen else 0, limit=7)
        await asyncio.sleep(0)
    return seen


async def test_who_follows_misses_nothing_and_hears_nothing_twice(database: Database) -> None:
    """However transactions overlap, no event turns up with a number below one that was seen."""
    chance = random.Random(4)
    writing = [_write(database, n, chance.uniform(0, 0.02)) for n in range(WRITERS * EACH)]
    async with asyncio.timeout(60):
        following = asyncio.create_task(_follow(database, 2 * len(writing)))
        await asyncio.gather(*writing)
        seen = await following
    numbers = [event.n for event in seen]
    assert numbers == sorted(set(numbers))
    assert sorted(event.number for event in seen) == sorted(list(range(len(writing))) * 2)


async def test_a_page_knows_where_to_begin(database: Database) -> None:
    """The newest number is 0 at first, and then that of the last event; nothing is new after it."""
    async with database.write() as connection:
        assert await newest(connection) == 0
        await append(connection)
        await append(connection, *(New(7, 1, kind, MONDAY, "sari", "x", 3) for kind in KINDS))
        n = await newest(connection)
        assert await since(connection, n) == []
        [*_, last] = await of_case(connection, 7)
    assert last == Event(n, 7, 1, KINDS[-1], MONDAY, "sari", "x", 3)
    assert len(KINDS) == len(set(KINDS))
