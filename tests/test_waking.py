"""Processes on one PostgreSQL hear of each other's commits, and take over from a dead one but never from a slow one."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import waking
from bot.door import ChatDoor
from bot.outbox import Outbox
from bot.turns import Taken, Turns
from bot.waking import ANYTHING, MOST_UNTOLD, News, Waking, merged, payloads
from conversations.messages import Address, Incoming
from storage import presence
from storage.database import PROCESS, Database, open_database
from storage.deliveries import LEASE, Delivery
from storage.leases import hold
from storage.sealing import KeyRing
from storage.tables import leases, outbox
from tests import toy
from tests.databases import Postgres
from tests.test_turns import no_fetch
from tests.toy import said

PATIENCE = 10.0


def now() -> dt.datetime:
    """Tell the time."""
    return dt.datetime.now(dt.UTC)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait long for the dead."""
    monkeypatch.setattr(waking, "EVERY", 0.05)
    monkeypatch.setattr(waking, "GRACE", 0.3)


class Process:
    """What one process has: turns, an outbox that looks only when it is woken, a door, and the waking between."""

    def __init__(self, database: Database, keys: KeyRing, channels: frozenset[str]) -> None:
        self.database = database
        self.sent: list[str] = []
        self.heard: list[News] = []
        self.waking = Waking(database, now)
        self.door = ChatDoor(database, keys, lambda address, paper: "")
        self.outbox = Outbox(
            database, keys, {"telegram": self}, holder=database.process, clock=now,
            serves=lambda: channels, on_left=self.waking.tell_due, look_every=3600,
        )  # fmt: skip
        self.turns = Turns(
            database, keys, toy.CORE, self.outbox, clock=now, fetch=no_fetch, on_committed=self.waking.tell_committed
        )
        for listener in (self.heard.append, self.door.hear, lambda news: self.outbox.look() if news.due else None):
            self.waking.subscribe(listener)

    async def send(self, delivery: Delivery) -> Incoming | None:
        """Deliver a reply."""
        self.sent.append(delivery.address.address)
        return None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run while the block lasts."""
        async with self.waking.running():
            await self.turns.start()
            await self.outbox.start(self.turns.take)
            yield
            await self.turns.stop()
            await self.outbox.stop()
        await self.database.close()

    async def say(self, number: int) -> Taken:
        """Take words from a messenger."""
        return await self.turns.take(said(number, "halo", channel="telegram"))


@pytest.fixture
def shared(postgres: Postgres) -> str:
    """The URL of a PostgreSQL database that several processes share."""
    return postgres.fresh()


@pytest_asyncio.fixture
async def two(shared: str, keys: KeyRing) -> AsyncIterator[tuple[Process, Process]]:
    """Two processes on one database; only the second sends."""
    first = Process(open_database(shared), keys, frozenset())
    second = Process(open_database(shared), keys, frozenset({"telegram"}))
    async with first.running(), second.running():
        yield first, second


# --- hearing of commits ----------------------------------------------------------------------------------------------


async def test_a_reply_committed_elsewhere_is_sent_at_once(two: tuple[Process, Process]) -> None:
    """The process that serves the account sends what another one committed, without waiting for its next look."""
    first, second = two
    await first.say(1)
    await until(lambda: second.sent == ["a"])


async def test_a_page_is_woken_by_another_process(two: tuple[Process, Process]) -> None:
    """Who listens to a chat here hears of a turn committed there, and nobody else's page is woken."""
    first, second = two
    await first.say(1)
    await first.turns.take(said(2, "halo", chat="b", channel="telegram"))
    listen = second.door.listen
    async with listen(Address("telegram", "bot", "a")) as page, listen(Address("telegram", "bot", "b")) as other:
        page.clear()
        other.clear()
        await first.say(3)
        await until(page.is_set)
        assert not other.is_set()


async def test_every_commit_is_told_to_who_subscribed(two: tuple[Process, Process]) -> None:
    """A subscriber hears of its own process's commits and of the others', by the chats' numbers; not of duplicates."""
    first, second = two
    taken = await first.say(1)
    first.heard.clear()
    assert (await first.say(1)).duplicate
    assert not any(news.chats for news in first.heard)
    await until(lambda: any(news.chats and taken.chat_id in news.chats for news in second.heard))


async def test_a_broken_session_is_opened_again(two: tuple[Process, Process]) -> None:
    """After its connection was ended a process is told that anything may have changed, and hears again."""
    first, second = two
    second.heard.clear()
    async with first.database.engine.connect() as connection:
        await connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        )
    await until(lambda: ANYTHING in second.heard and second.waking.is_seen and first.waking.is_seen)
    await first.say(1)
    await until(lambda: second.sent == ["a"])


async def test_nobody_is_disturbed_by_a_listener_that_fails_or_a_stranger_s_notification(
    two: tuple[Process, Process],
) -> None:
    """A listener that raises and a notification that is none of ours are logged, and the rest go on hearing."""
    first, second = two

    def failing(_: News) -> None:
        raise ValueError

    second.waking._listeners.insert(0, failing)
    async with first.database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.exec_driver_sql("NOTIFY jamin, 'not ours'")
    await first.say(1)
    await until(lambda: second.sent == ["a"])


async def test_sqlite_tells_its_own_process(sqlite_path: str) -> None:
    """Where there is one process it is always seen, and hears itself."""
    database = open_database(sqlite_path)
    alone, heard = Waking(database, now), list[News]()
    alone.subscribe(heard.append)
    async with alone.running():
        alone.tell_due()
    assert alone.is_seen
    assert heard == [News(due=True)]
    await database.close()


@settings(deadline=None)
@given(st.frozensets(st.integers(1, 2**63 - 1), max_size=1000), st.booleans())
def test_notifications_are_short_and_whole(chats: frozenset[int], due: bool) -> None:
    """Whatever is to be told fits PostgreSQL's 8,000 bytes, and nothing gets lost by cutting it up."""
    sent = payloads(News(chats, due))
    assert all(len(payload.encode()) < 8000 for payload in sent)
    told = News()
    for payload in sent:
        told = merged(told, waking._DECODER.decode(payload))
    assert told == News(chats, due)


def test_too_much_to_tell_is_told_as_anything() -> None:
    """What waits to be told is bounded."""
    many = News(frozenset(range(MOST_UNTOLD)))
    assert merged(many, News(frozenset({-1}), due=True)) == ANYTHING


# --- the dead --------------------------------------------------------------------------------------------------------


async def claimed_by(process: str, database: Database, until: dt.datetime) -> None:
    """Let all rows be sent by a process, with a lease until then."""
    async with database.write() as connection:
        values = {"state": "sending", "claimed_by": process, "lease_until": until, "attempts": 1, "done_at": None}
        await connection.execute(sa.update(outbox).values(values))


async def test_what_a_dead_process_held_is_taken_over(two: tuple[Process, Process]) -> None:
    """A process without a session is dead: others send what it was sending and get its accounts, long before its
    leases end."""
    first, second = two
    await first.say(1)
    await until(lambda: second.sent == ["a"])
    await until_settled(first.database)
    dead = f"{PROCESS}dead"
    await claimed_by(dead, first.database, now() + LEASE)
    assert await hold(first.database, "telegram bot", dead, 3600)
    async with first.database.write() as connection:
        await connection.execute(sa.insert(leases).values(name=dead, holder=dead, until=now()))
    await until(lambda: second.sent == ["a", "a"])
    assert await hold(first.database, "telegram bot", first.database.process, 60)


async def until_settled(database: Database) -> None:
    """Wait until nothing is being sent."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with database.read() as connection:
                if set((await connection.execute(sa.select(outbox.c.state))).scalars()) <= {"done"}:
                    return
            await asyncio.sleep(0.01)


async def test_a_slow_process_keeps_what_it_holds(two: tuple[Process, Process]) -> None:
    """Who has a session is alive, however long it takes over a row."""
    first, second = two
    await first.say(1)
    await until(lambda: second.sent == ["a"])
    await until_settled(first.database)
    await claimed_by(first.database.process, first.database, now() + LEASE)
    await asyncio.sleep(3 * waking.GRACE)
    assert second.sent == ["a"]


async def test_rows_claimed_before_the_server_started_keep_their_lease(
    two: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the server goes down everybody loses their session: who was sending then may be sending still."""
    # As if leases were so long that one of now may have begun before the server did.
    monkeypatch.setattr(presence, "LEASE", dt.timedelta(days=1))
    first, second = two
    await first.say(1)
    await until(lambda: second.sent == ["a"])
    await until_settled(first.database)
    dead = f"{PROCESS}dead"
    async with first.database.write() as connection:
        await connection.execute(sa.insert(leases).values(name=dead, holder=dead, until=now()))
    await claimed_by(dead, first.database, now() + LEASE)
    await until(lambda: any(news == ANYTHING for news in second.heard[1:]))
    await asyncio.sleep(3 * waking.GRACE)
    async with first.database.read() as connection:
        assert (await connection.execute(sa.select(outbox.c.claimed_by, outbox.c.state))).all() == [(dead, "sending")]


async def test_a_process_that_stops_leaves_nothing_to_bury(shared: str, keys: KeyRing) -> None:
    """After a clean stop no trace of the process is left."""
    process = Process(open_database(shared), keys, frozenset({"telegram"}))
    async with process.running():
        await process.say(1)
    database = open_database(shared)
    async with database.read() as connection:
        assert (await connection.execute(sa.select(leases.c.name))).all() == []
    await database.close()
