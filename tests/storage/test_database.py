"""Opening, migrating, writing at once."""

from __future__ import annotations

import asyncio
import sqlite3

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage.database import Database, DatabaseUrlError, Trouble, complaint, open_database, trouble
from storage.leases import hold, release
from storage.migrate import migrate
from storage.tables import EPOCH, leases, metadata


async def test_migrations_make_the_tables_on_the_page(database: Database) -> None:
    """The schema that the migrations make is the one in `tables.py`."""

    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_two_processes_may_migrate_at_once(database: Database) -> None:
    """Migrating a migrated database changes nothing, and two at once do not disturb each other."""
    await asyncio.gather(migrate(database), migrate(database))


async def test_concurrent_writers_lose_no_update(database: Database) -> None:
    """Read-modify-write inside `write` never loses an update."""
    async with database.write() as connection:
        await connection.execute(sa.insert(leases).values(name="n", holder="0", until=EPOCH))

    async def add_one() -> None:
        async with database.write() as connection:
            row = await connection.execute(sa.select(leases.c.holder).where(leases.c.name == "n").with_for_update())
            await connection.execute(sa.update(leases).values(holder=str(int(row.scalar_one()) + 1)))

    await asyncio.gather(*(add_one() for _ in range(40)))
    async with database.read() as connection:
        assert (await connection.execute(sa.select(leases.c.holder))).scalar_one() == "40"


async def test_a_lease_has_one_holder(database: Database) -> None:
    """A lease is refused to a second holder until the first gives it back."""
    assert await hold(database, "telegram:bot", "a", 60)
    assert await hold(database, "telegram:bot", "a", 60)
    assert not await hold(database, "telegram:bot", "b", 60)
    await release(database, "telegram:bot", "a")
    assert await hold(database, "telegram:bot", "b", 60)


async def test_a_lease_that_ran_out_goes_to_the_next(database: Database) -> None:
    """A holder that no longer prolongs its lease loses it."""
    assert await hold(database, "telegram:bot", "a", -5)
    assert await hold(database, "telegram:bot", "b", 60)


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "sqlite://", "sqlite:///:memory:"])
def test_other_databases_are_refused_by_the_setting_s_name(url: str) -> None:
    """A URL that is neither a SQLite file nor PostgreSQL is refused, naming the setting."""
    with pytest.raises(DatabaseUrlError, match="JAMIN_DATABASE_URL"):
        open_database(url)


class ServerError(Exception):
    """What PostgreSQL's driver raises."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__()
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("cause", "word"),
    [
        (ConnectionRefusedError(), "away"),
        (TimeoutError(), "slow"),
        (sa.exc.TimeoutError(), "slow"),
        (ServerError("57P01"), "away"),
        (ServerError("53100"), "full"),
        (ServerError("25006"), "read-only"),
        (ServerError("58030"), "damaged"),
        (sqlite3.OperationalError("database or disk is full"), "full"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "read-only"),
        (sqlite3.OperationalError("disk I/O error"), "damaged"),
    ],
)
def test_what_ails_the_database_has_a_word(cause: Exception, word: str) -> None:
    """Whatever passes by itself or when somebody repairs it is waited for, and named for the one on call."""
    wrapped = isinstance(cause, ServerError | sqlite3.OperationalError)
    error = sa.exc.DBAPIError("SELECT 1", None, cause) if wrapped else cause
    assert (complaint(error), trouble(error)) == (word, Trouble.AWAY)
