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


@pytest.mark.parametrize(
    "tampering",
    [
        sa.update(table).where(table.c.n == 3).values(who="budi"),
        sa.update(table).where(table.c.n == 3).values(subject="z"),
        sa.delete(table).where(table.c.n == 3),
        sa.update(table).where(table.c.n == 3).values(digest=bytes(32)),
    ],
)
async def test_tampering_shows(database: Database, tampering: sa.Update | sa.Delete) -> None:
    """A row that was changed or taken out breaks the chain where it was."""
    await fill(database, *"abcde")
    async with database.write() as connection:
        await connection.execute(tampering)
    assert await broken(database) in (3, 4)
