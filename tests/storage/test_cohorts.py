"""Cohorts: the last place is given once, however many ask."""

from __future__ import annotations

import asyncio
import datetime as dt

import sqlalchemy as sa

from conversations.months import Month
from conversations.programmes.sponsor import Sponsor
from storage.cohorts import add_cohort, has_place
from storage.database import Database
from storage.sealing import KeyRing
from storage.tables import enrolments

NOW = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
SPONSOR = Sponsor("", "Desa Sukamaju", "other", 100, Month(2026, 11), Month(2027, 1))


async def taken(database: Database, cohort: str, name: str) -> bool:
    """Take a place if there is one, and think about it for a moment before committing."""
    async with database.write() as connection:
        if not await has_place(connection, cohort, name):
            return False
        row = {"id": name, "chat_id": 1, "person_id": name, "state": "handed_off", "cohort": cohort}
        await connection.execute(sa.insert(enrolments).values(**row, created_at=NOW, updated_at=NOW))
        await asyncio.sleep(0.05)
    return True


async def test_two_transactions_never_take_one_place(database: Database, keys: KeyRing) -> None:
    """Of six processes that take the last two places at the same moment two have one; a refused enrolment gives its
    place back."""
    async with database.write() as connection:
        cohort = await add_cohort(connection, keys, SPONSOR, 2, ["3273011708900001"], NOW)
    won = await asyncio.gather(*(taken(database, cohort, f"enrolment-{n}") for n in range(6)))
    assert won.count(True) == 2
    async with database.write() as connection:
        await connection.execute(sa.update(enrolments).values(state="refused"))
    assert await taken(database, cohort, "later")


async def test_an_unknown_cohort_has_no_place(database: Database) -> None:
    """Nobody is promised a place by somebody who is not there."""
    assert not await taken(database, "gone", "enrolment")
