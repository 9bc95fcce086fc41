"""The monitor at a million people: how long the server takes for each page, on both databases.

`python -m tests.bench.monitor [PEOPLE]` fills scratch databases with the rows that the monitor reads (nothing sealed,
since it opens nothing), counts the tallies, and fetches every page as a signed-in supervisor does.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import asyncpg
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from bot.monitor.pages import PAGES
from conversations.months import Month
from conversations.occupations import OCCUPATIONS
from storage.database import Database, open_database
from storage.migrate import migrate
from storage.monitor.tallies import ACCEPTED, in_jakarta, roll_up, touch
from storage.sealing import KeyRing
from storage.tables import enrolments, stored, touched
from tests.bench.crowd import Rows, write_sqlite
from tests.bench.table import Table
from tests.chat import HERE
from tests.databases import Postgres, cluster
from tests.desk.office import Office, open_office

PEOPLE, CHUNK, FETCHES = 1_000_000, 20_000, 15
DAYS, AGENTS, CAMPAIGNS = 730, 6_000, 10
TALKING = 50_000
"""Of so many, the newest, the chat and what was said are stored too: no page reads older ones."""
LIMIT = 300
"""Milliseconds that a page may take at the median."""
SESSION = bytes(1_200)
"""A session's size, sealed; it makes the chats' rows as long as they are."""
PLANS = ("jkk,jkm", "jkk,jkm", "jkk,jkm", "jkk,jkm,jht", "jkk,jkm,jht")
REGENCIES = tuple(f"{province}{n:02}" for province in (11, 12, 31, 32, 33, 34, 35, 36, 51, 61, 73) for n in (1, 5, 71))
STEPS = ("occupation", "income", "plan", "consent", "nik", "name", "phone", "review")

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "chats": ("id", "ref", "channel", "bot", "key_id", "session", "flow", "step", "created_at", "last_in_at"),
    "people": (
        *("id", "chat_id", "number", "key_id", "occupation", "regency", "programmes", "agent", "source", "created_at"),
    ),
    "enrolments": ("id", "chat_id", "person_id", "state", "programmes", "created_at", "updated_at"),
    "contributions": ("enrolment_id", "month", "paid_at"),
    "openings": ("code", "at"),
    "inbound": ("chat_id", "line", "source", "kind", "at", "flow", "step", "outcome"),
    "agents": ("id", "role", "state", "key_id", "applied_at"),
    "codes": ("code", "kind", "agent_id", "title", "created_at"),
    "cases": ("id", "chat_id", "person", "reason", "state", "opened_at"),
    "outbox": ("chat_id", "line", "lane", "channel", "bot", "order_key", "state", "created_at", "due_at"),
}
_AT = stored(HERE)


# --- the world -------------------------------------------------------------------------------------------------------


def world(people: int) -> Iterator[Rows]:
    """Make the rows, some thousands of people at a time, the oldest first."""
    yield _field()
    drawn = random.Random(1)
    for start in range(0, people, CHUNK):
        rows: Rows = {name: [] for name in _COLUMNS}
        for number in range(start, min(start + CHUNK, people)):
            began = HERE - dt.timedelta(days=DAYS * (1 - (number / people) ** 0.7))
            _person(rows, number + 1, began, drawn, newest=number >= people - TALKING)
        yield rows
    yield _waiting(people)


def _field() -> Rows:
    """Agents, their codes, campaigns."""
    own = [(f"A{n:06}", "agent", f"agent {n}", "", _AT) for n in range(AGENTS)]
    wide = [(f"C{n}", "campaign", None, f"Kampanye {n}", _AT) for n in range(CAMPAIGNS)]
    return {"agents": [(f"agent {n}", "agent", "active", "k", _AT) for n in range(AGENTS)], "codes": own + wide}


def _person(rows: Rows, number: int, began: dt.datetime, drawn: random.Random, *, newest: bool) -> None:
    """One chat; three of four became an enrolment, some of which pay for months."""
    at = stored(began)
    code = f"A{int(AGENTS * drawn.random() ** 3):06}" if drawn.random() < 0.8 else drawn.choice(("", "C1", "C2"))
    step = drawn.choice(STEPS)
    rows["openings"] += [(code or "C1", at)]
    if newest:
        _talk(rows, number, at, step)
    if drawn.random() < 0.75:
        _enrolment(rows, number, began, code, drawn)


def _talk(rows: Rows, number: int, at: int, step: str) -> None:
    """A chat that came to a step, and what its worker answered until then."""
    rows["chats"].append((number, str(number), "telegram", "bot", "k", SESSION, "enrolment", step, at, at))
    for line, asked in enumerate(STEPS[: STEPS.index(step)], start=1):
        source = f"{number}/{line}".encode()
        rows["inbound"].append(
            (number, line * 2, source, "text", at + line * 9_000_000, "enrolment", asked, "answered")
        )


def _enrolment(rows: Rows, number: int, began: dt.datetime, code: str, drawn: random.Random) -> None:
    at, name, plan = stored(began), str(number), drawn.choice(PLANS)
    job, regency, source = drawn.choice(OCCUPATIONS).code, drawn.choice(REGENCIES), drawn.choice(("", "ad:1"))
    state = ACCEPTED if drawn.random() < 0.93 else "refused"
    rows["people"].append((name, number, 1, "k", job, regency, plan, code, source, at))
    rows["enrolments"].append((name, number, name, state, plan, at, at))
    paid = min(int(drawn.expovariate(1 / 7)), Month.of(began).until(Month.of(HERE)) + 1)
    first = Month.of(began)
    rows["contributions"] += [(name, str(first.plus(n)), at) for n in range(paid if state == ACCEPTED else 0)]


def _waiting(people: int) -> Rows:
    """Open cases, deliveries that wait, dead letters."""
    few = range(1, 500)
    lane = ("reply", "telegram", "bot", "reply")
    return {
        "cases": [(f"case {n}", n, 1, "asked", "open", _AT) for n in few],
        "outbox": [(people - n, 900, *lane, "new" if n % 5 else "dead", _AT, _AT) for n in few],
    }


# --- writing it ------------------------------------------------------------------------------------------------------


async def fill(url: str, people: int) -> None:
    """Write the world into a migrated database, and note every day to be counted."""
    if url.startswith("sqlite"):
        write_sqlite(str(make_url(url).database), world(people), _COLUMNS)
    else:
        await _fill_postgres(url, people)


async def _fill_postgres(url: str, people: int) -> None:
    connection = await asyncpg.connect(url)
    for rows in world(people):
        for table, many in rows.items():
            await connection.copy_records_to_table(table, records=many, columns=_COLUMNS[table])
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    await connection.close()


# --- measuring it ----------------------------------------------------------------------------------------------------


class Measured(NamedTuple):
    """A database: seconds to count all tallies and two days', milliseconds of each page."""

    counting: float
    two_days: float
    pages: dict[str, list[float]]


async def measure(url: str, people: int) -> Measured:
    """Fill a database and measure it."""
    database = open_database(url)
    await migrate(database)
    await fill(url, people)
    async with database.write() as connection:
        days = sa.select(in_jakarta(enrolments.c.created_at)).distinct()
        await connection.execute(sa.insert(touched).from_select(["day"], days))
    counting = await _timed_round(database)
    async with database.write() as connection:
        await touch(connection, str(people // 2))
        await connection.execute(sa.insert(touched).from_select(["day"], days.order_by(sa.text("1 DESC")).limit(1)))
    two_days = await _timed_round(database)
    async with open_office(database, KeyRing.from_text(KeyRing.make())) as office:
        await office.begin("dewi", "supervisor")
        pages = {page: await _fetched(office, page) for page in PAGES}
    await database.close()
    return Measured(counting, two_days, pages)


async def _timed_round(database: Database) -> float:
    began = time.perf_counter()
    await roll_up(database)
    return time.perf_counter() - began


async def _fetched(office: Office, page: str) -> list[float]:
    """How long the server takes for a page over a year, in milliseconds; the first, cold one is the first."""
    path, took = f"/desk/monitor/{page}".rstrip("/"), []
    for _ in range(FETCHES):
        began = time.perf_counter()
        assert (await office.get(f"{path}?hari=365")).status == 200
        took.append((time.perf_counter() - began) * 1000)
    return took


def told(name: str, one: Measured, people: int) -> str:
    """Put the figures of a database into a table."""
    rows = [
        (f"/monitor/{page}".rstrip("/"), *(f"{n:.0f}" for n in (statistics.median(took), min(took), max(took))))
        for page, took in one.pages.items()
    ]
    slowest = max(statistics.median(took) for took in one.pages.values())
    return str(
        Table(
            f"The monitor with {people:,} people, {name}",
            ("page, ms of the server", "median", "least", "most"),
            rows,
            f"The slowest page takes {slowest:.0f} ms at the median; it may take {LIMIT}. {FETCHES} fetches of each "
            f"over a span of a year, one after the other. Counting every day's tallies took {one.counting:.0f} s, "
            f"two days' {one.two_days * 1000:.0f} ms. Load {os.getloadavg()[1]:.0f} on {os.cpu_count()} cores, "
            f"niceness {os.nice(0)}: the least comes nearest to what a quiet machine takes.",
        )
    )


def main(people: int) -> None:
    """Measure both databases and print a table of each."""
    with tempfile.TemporaryDirectory() as folder, cluster() as host:
        for name, url in {"PostgreSQL": Postgres(host).fresh(), "SQLite": f"sqlite:///{folder}/monitor.db"}.items():
            sys.stdout.write(told(name, asyncio.run(measure(url, people)), people) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
