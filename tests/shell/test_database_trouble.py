"""A database that cannot store for a while: those who write wait, operators see why, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
import sqlalchemy as sa

from bot.app import Jamin
from conversations.messages import Address, Incoming, Text
from storage.database import Database
from storage.tables import inbound

LONG = "x" * 3000
"""More than fits on a page that is there already."""
_FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON inbound EXECUTE FUNCTION full_disk()
"""


@asynccontextmanager
async def pragma(database: Database, on: str, off: str) -> AsyncIterator[None]:
    """Set a pragma on every connection of a SQLite database while the block lasts."""
    wanted = [on]

    def put(connection: sa.engine.interfaces.DBAPIConnection, *_: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {wanted[0]}")
        cursor.close()

    sa.event.listen(database.engine.sync_engine, "checkout", put)
    yield
    wanted[0] = off


@asynccontextmanager
async def commands(database: Database, on: str, off: str) -> AsyncIterator[None]:
    """Run SQL on PostgreSQL, then break all connections so that it counts for every session; undo it at the end."""
    await _as_admin(database, on)
    yield
    await _as_admin(database, off)


async def _as_admin(database: Database, statements: str) -> None:
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.exec_driver_sql("SET default_transaction_read_only = off")
        wire = (await connection.get_raw_connection()).driver_connection
        assert wire is not None
        await wire.execute(statements)
        await wire.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def full(database: Database) -> object:
    """Let the disk be full: really, for SQLite; PostgreSQL says what it says when a file cannot grow."""
    if database.is_sqlite:
        return pragma(database, "max_page_count = 1", "max_page_count = 1000000")
    return commands(database, _FULL, "DROP TRIGGER full_disk ON inbound")


def read_only(database: Database) -> object:
    """Let the database be read-only, as managed servers make it when their disk gets full."""
    if database.is_sqlite:
        return pragma(database, "query_only = ON", "query_only = OFF")
    setting = f"ALTER DATABASE {database.engine.url.database} SET default_transaction_read_only ="
    return commands(database, f"{setting} on", f"{setting} off")


async def fault(jamin: Jamin) -> str:
    """Ask whether it is ready; return what is not, "" where all is well."""
    async with aiohttp.ClientSession() as http, http.get(f"{jamin.root}/readyz") as answer:
        return str((await answer.json()).get("fault", ""))


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(20):
        while not await condition():
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(("trouble", "word"), [(full, "full"), (read_only, "read-only")])
async def test_what_cannot_be_stored_waits(jamin: Jamin, trouble: Callable[..., object], word: str) -> None:
    """While the database cannot store, /readyz says why and who wrote waits; afterwards each message counts once."""

    async def taken(number: int) -> None:
        await jamin.turns.take(Incoming(Address("terminal", "jamin", f"{number}"), f"{number}", Text(LONG)))

    await taken(0)
    context = trouble(jamin.database)
    async with context:  # type: ignore[attr-defined]
        waiting = [asyncio.create_task(taken(number)) for number in range(1, 4)]

        async def said() -> bool:
            return await fault(jamin) == f"database: {word}"

        await until(said)
        assert not any(task.done() for task in waiting)
    await asyncio.gather(*waiting)

    async def ready() -> bool:
        return await fault(jamin) == ""

    await until(ready)
    async with jamin.database.read() as connection:
        count = sa.select(sa.func.count()).select_from(inbound).where(inbound.c.kind == "text")
        assert (await connection.execute(count)).scalar_one() == 4
