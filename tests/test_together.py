"""Several processes on one PostgreSQL: the same few chats at once, both starting at once, the server going away."""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.outbox import Outbox
from bot.turns import Turns
from bot.waking import Waking
from conversations.messages import Address
from storage.database import open_database
from storage.sealing import KeyRing
from storage.tables import chats
from storage.transcript import lines_after
from tests import databases, toy
from tests.databases import Postgres, cluster
from tests.e2e.programs import ROOT, environment
from tests.test_turns import no_fetch
from tests.test_waking import now, until
from tests.toy import said

PROCESSES, SHARED, EACH = 3, 4, 60
MIGRATE = """
import asyncio, sys
from storage.database import open_database
from storage.migrate import migrate

async def main():
    database = open_database(sys.argv[1])
    await migrate(database)
    await database.close()

asyncio.run(main())
"""


@asynccontextmanager
async def process(url: str, keys: KeyRing) -> AsyncIterator[Turns]:
    """Turns over a database opened anew, as each process has them."""
    database = open_database(url)
    outbox = Outbox(database, keys, {}, holder=database.process, clock=now)
    turns = Turns(database, keys, toy.CORE, outbox, clock=now, fetch=no_fetch)
    await turns.start()
    yield turns
    await turns.stop()
    await database.close()


# --- the same chats --------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(postgres: Postgres) -> str:
    """The URL of a fresh PostgreSQL database."""
    return postgres.fresh()


async def test_few_chats_and_many_new_ones_never_deadlock(shared: str, keys: KeyRing) -> None:
    """Processes that hammer the same few chats, and meet the same new ones, lock in one order: no batch is run again,
    nothing is lost or taken twice, and what each process brings keeps its order in every chat."""
    with capture_logs() as logs:
        async with AsyncExitStack() as stack:
            processes = [await stack.enter_async_context(process(shared, keys)) for _ in range(PROCESSES)]
            await asyncio.gather(
                *(_hammer(turns, mine, chat) for mine, turns in enumerate(processes) for chat in range(SHARED)),
                *(_meet(turns, mine) for mine, turns in enumerate(processes)),
            )
    assert [log for log in logs if log["event"] == "batch_runs_again"] == []
    database = open_database(shared)
    async with database.read() as connection:
        for chat in range(SHARED):
            lines = await lines_after(connection, keys, Address("web", "bot", f"shared {chat}"))
            await _check_order([line.words for line in lines if line.author == "worker"])
        made = (await connection.execute(sa.select(sa.func.count()).select_from(chats))).scalar_one()
    await database.close()
    assert made == SHARED + EACH


async def _hammer(turns: Turns, mine: int, chat: int) -> None:
    """Let one process write to one of the shared chats, one message after the other."""
    for n in range(EACH):
        await turns.take(said(n + 1000 * mine + 10_000 * chat, f"{mine} {n}", chat=f"shared {chat}"))


async def _meet(turns: Turns, mine: int) -> None:
    """Let all processes meet the same new addresses at about the same moment, in an order of their own."""
    for n in sorted(range(EACH), key=lambda n: (n // 10, n * (7 + 2 * mine) % 10)):
        await turns.take(said(n + 100_000 * (1 + mine), "halo", chat=f"new {n}"))


async def _check_order(words: list[str]) -> None:
    by_process = defaultdict(list)
    for word in words:
        mine, n = word.split()
        by_process[mine].append(int(n))
    assert dict(by_process) == {f"{mine}": list(range(EACH)) for mine in range(PROCESSES)}


# --- starting at once ------------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, sqlite_path: str) -> str:
    """The URL of a database without tables."""
    if request.param == "sqlite":
        return sqlite_path
    source: Postgres = request.getfixturevalue("postgres")
    return source.empty()


async def test_processes_that_start_at_once_migrate_once(empty_url: str) -> None:
    """Of three processes that meet an empty database together one makes the tables, and none fails."""
    command = (sys.executable, "-c", MIGRATE, empty_url)
    started = [await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment()) for _ in range(3)]
    assert [await one.wait() for one in started] == [0, 0, 0]
    database = open_database(empty_url)
    async with database.read() as connection:
        assert (await connection.execute(sa.select(sa.func.count()).select_from(chats))).scalar_one() == 0
    await database.close()


# --- the server goes away --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def own_cluster() -> Iterator[str]:
    """A cluster that may be restarted without disturbing other tests, and keeps what it committed."""
    with cluster(durable=True) as data:
        yield data


@pytest.fixture
def own_url(own_cluster: str) -> str:
    """The URL of a fresh database in it."""
    return Postgres(own_cluster).fresh()


async def test_a_server_that_crashes_in_the_middle_is_waited_for(own_cluster: str, own_url: str, keys: KeyRing) -> None:
    """PostgreSQL dies while batches are under way and comes back: what was taken counts once, nobody hears of it, and
    the process is seen and told of commits again."""
    database, back = open_database(own_url), asyncio.Event()
    waking = Waking(database, now)
    with capture_logs() as logs:
        async with process(own_url, keys) as turns, waking.running():
            talking = asyncio.gather(*(_talk(turns, chat, back) for chat in range(12)))
            await until(lambda: turns._waiting > 0)
            await asyncio.to_thread(databases.restart, own_cluster)
            await until(lambda: waking.is_seen)
            back.set()
            said_by_chat = await talking
    assert any(log["event"] == "batch_runs_again" and log["trouble"] == "AWAY" for log in logs)
    async with database.read() as connection:
        counted = (await connection.execute(sa.select(chats.c.turns))).scalars()
        assert sorted(counted) == sorted(said_by_chat)
    await database.close()


async def _talk(turns: Turns, chat: int, back: asyncio.Event) -> int:
    """Write until the server was back for a while; return how often."""
    for n in itertools.count(1):
        taken = await turns.take(said(chat * 100_000 + n, "halo", chat=f"{chat}"))
        # A duplicate was committed and the answer got lost: the batch ran again and found it taken.
        assert taken.duplicate or [spoken.message.text for spoken in taken.spoken] == [f"{n} halo"]
        if back.is_set():
            return n
    raise AssertionError
