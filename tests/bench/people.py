"""What a turn costs with few and with very many people stored, and what a person takes on disk."""

from __future__ import annotations

import asyncio
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack

import sqlalchemy as sa

from bot.playing import Core
from bot.tuning import run
from bot.wording import load_speech
from conversations.engine import take_turn
from conversations.messages import Address, Incoming
from conversations.turn import Facts, Lacking
from storage.database import Database, open_database
from storage.migrate import migrate
from storage.sealing import KeyRing
from tests.bench.crowd import address, fill
from tests.bench.enrolment import recorded
from tests.bench.form import ANSWER
from tests.bench.ours import Shell, shell
from tests.bench.table import Table, Target
from tests.chat import fetched
from tests.databases import Postgres, cluster

SIZES = (1_000, 100_000, 1_000_000)
MOST = 1.5
"""How many times as much a turn may cost with the most people stored as with the fewest."""
AT_ONCE = 64
ROUNDS = 40
ENROLLED = 300


def people() -> Table:
    """Measure both databases."""
    with tempfile.TemporaryDirectory() as folder, cluster(durable=True) as host:
        postgres = Postgres(host)
        urls = {
            "SQLite": [f"sqlite:///{folder}/{size}.db" for size in SIZES],
            "PostgreSQL": [postgres.fresh() for _ in SIZES],
        }
        found = {name: run(costs(many)) for name, many in urls.items()}
        enrolled = run(disk_of_enrolments(f"sqlite:///{folder}/enrolled.db"))
        enrolled_postgres = run(disk_of_enrolments(postgres.fresh()))
    return Table(
        "A turn with very many people stored",
        ("", "people", "µs a turn", "to the first", "bytes a person"),
        [row for name, measured in found.items() for row in _rows(name, measured)],
        f"Median of {ROUNDS} rounds of {AT_ONCE} turns at once, each of a chat drawn from all that are stored, the "
        "three sizes in turn, every reply marked delivered. SQLite with 64 MB of page cache, PostgreSQL with its "
        "default 128 MB of shared buffers, the system's cache as it is. Stored for each: a chat in the middle of an "
        f"enrolment, two messages, two replies. A whole enrolment takes {enrolled:,.0f} bytes in SQLite and "
        f"{enrolled_postgres:,.0f} in PostgreSQL.",
        [_target(name, measured) for name, measured in found.items()],
    )


def _target(name: str, found: Sequence[tuple[list[float], float]]) -> Target:
    times = statistics.median(found[-1][0]) / statistics.median(found[0][0])
    wanted = f"a turn with {SIZES[-1]:,} people at most {MOST:g}× one with {SIZES[0]:,}, {name}"
    return Target(wanted, f"{times:.2f}×", times <= MOST)


def _rows(name: str, found: Sequence[tuple[list[float], float]]) -> Iterator[tuple[str, ...]]:
    base = statistics.median(found[0][0])
    for size, (seconds, disk) in zip(SIZES, found, strict=True):
        cost = statistics.median(seconds)
        yield name, f"{size:,}", f"{cost * 1e6:,.0f}", f"{cost / base:.2f}×", f"{disk / size:,.0f}"


async def costs(urls: Sequence[str]) -> list[tuple[list[float], float]]:
    """Fill the databases; return for each the seconds a turn in every round, and its size in bytes."""
    async with AsyncExitStack() as stack:
        keys, shells, sizes = KeyRing.from_text(KeyRing.make()), [], []
        for url, people in zip(urls, SIZES, strict=True):
            database = open_database(url)
            await migrate(database)
            await fill(url, keys, people)
            sizes.append(await size_of(database))
            await database.close()
            shells.append(await stack.enter_async_context(shell(url, keys=keys)))
        found: list[list[float]] = [[] for _ in urls]
        for number, place in itertools.product(range(ROUNDS), range(len(urls))):
            found[place].append(await one_round(shells[place], number, SIZES[place]))
    return list(zip(found, sizes, strict=True))


async def one_round(ours: Shell, number: int, people: int) -> float:
    """Take a message of many chats at once; return the seconds for each."""
    chosen = random.Random(number).sample(range(1, people + 1), AT_ONCE)
    start = time.perf_counter()
    await asyncio.gather(*(ours.say(address(chat), number, ANSWER) for chat in chosen))
    await ours.delivered()
    return (time.perf_counter() - start) / AT_ONCE


async def size_of(database: Database) -> float:
    """Return the bytes a database takes."""
    asked = "SELECT pg_database_size(current_database())"
    if database.is_sqlite:
        asked = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    async with database.read() as connection:
        return float((await connection.execute(sa.text(asked))).scalar_one())


async def _fetched(needed: Lacking, known: Facts) -> Facts:
    return fetched(needed, known)


async def disk_of_enrolments(url: str) -> float:
    """Play whole enrolments with the real core; return the bytes for each."""
    speech, played = load_speech(), [incoming.what for _, incoming in recorded()]
    async with shell(url, Core(take_turn, speech.message), fetch=_fetched) as ours:
        empty = await size_of(ours.database)
        for number, chat in itertools.product(range(len(played)), range(ENROLLED)):
            where = Address("telegram", "bot", f"{chat}")
            await ours.turns.take(Incoming(where, f"{chat}/{number}", played[number]))
        return (await size_of(ours.database) - empty) / ENROLLED
