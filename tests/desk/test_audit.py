"""The audit trail."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from storage import audit
from storage.database import Database
from storage.tables import audit as table
from tests.desk.office import Clock


async def fill(database: Database, *subjects: str) -> None:
    """Append one row a subject, all at once."""
    now = Clock()()

    async def one(subject: str) -> None:
        async with database.write() as connection:
            await audit.append(connection, now, "sari", "reply", subject)

    await asyncio.gather(*map(one, subjects))


async def broken(database: Database) -> int | None:
    """Return the first row that does not follow."""
    async with database.read() as connection:
        return await audit.first_broken(connection)


async def test_rows_follow_each_other_whoever_writes(database: Database) -> None:
    """Appending at the same time leaves one chain without gaps."""
    await fill(database, *"abcdefgh")
    async with database.read() as connection:
        trail = await audit.entries(connection)
    assert [entry.n for entry in trail] == list(range(1, 9))
    assert {entry.subject for entry in trail} == set("abcdefgh")
    assert await broken(database) is None


async def unlock(database: Database) -> None:
    """Lift what keeps the trail from being changed, as somebody can who owns the database."""
    async with database.write() as connection:
        if database.is_sqlite:
            await connection.execute(sa.text("DROP TRIGGER audit_no_update"))
            await connection.execute(sa.text("DROP TRIGGER audit_no_delete"))
        else:
            await connection.execute(sa.text("DROP TRIGGER audit_no_change ON audit"))


TAMPERINGS = (
    sa.update(table).where(table.c.n == 3).values(who="budi"),
    sa.update(table).where(table.c.n == 3).values(subject="z"),
    sa.delete(table).where(table.c.n == 3),
    sa.update(table).where(table.c.n == 3).values(digest=bytes(32)),
)


@pytest.mark.parametrize("tampering", TAMPERINGS)
async def test_the_database_refuses_to_tamper(database: Database, tampering: sa.Update | sa.Delete) -> None:
    """A row that is written can be neither changed nor deleted."""
    await fill(database, *"abcde")
    with pytest.raises(sa.exc.DBAPIError, match="only grows"):
        async with database.write() as connection:
            await connection.execute(tampering)
    assert await broken(database) is None


@pytest.mark.parametrize("tampering", TAMPERINGS)
async def test_tampering_shows(database: Database, tampering: sa.Update | sa.Delete) -> None:
    """A row that somebody changes or takes out all the same breaks the chain where it was."""
    await fill(database, *"abcde")
    await unlock(database)
    async with database.write() as connection:
        await connection.execute(tampering)
    assert await broken(database) in (3, 4)


async def test_a_cut_end_shows_to_who_wrote_it_down(database: Database) -> None:
    """Rows taken off the end leave a chain that looks whole, but not to somebody who knows a row of it."""
    await fill(database, *"abcde")
    async with database.read() as connection:
        before = await audit.check(connection)
    await unlock(database)
    async with database.write() as connection:
        await connection.execute(sa.delete(table).where(table.c.n > 3))
    known = audit.Known(before.rows, before.head)
    async with database.read() as connection:
        assert (await audit.check(connection)).broken is None
        assert (await audit.check(connection, known)).broken == 5
        still_there = await audit.check(connection, audit.Known(3, (await audit.entries(connection))[2].digest))
    assert still_there.broken is None
