"""A desk whose field has something to show."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import pytest_asyncio
import sqlalchemy as sa

from conversations.months import Month
from storage.agents import keep_agent, keep_code
from storage.database import Database
from storage.enrolments import keep_contributions
from storage.monitor.tallies import roll_up, touch
from storage.sealing import KeyRing
from storage.tables import enrolments, people
from tests.chat import HERE
from tests.databases import Sqlite
from tests.desk.office import Office, open_office

DAY = dt.timedelta(days=1)
JOINED = (
    ("3273", "online_seller", "jkk,jkm,jht", "WATI"),
    ("3273", "farmer", "jkk,jkm", "WATI"),
    ("3578", "ojek_online", "jkk,jkm", "BEBAS"),
    ("", "porter", "jkk,jkm", ""),
)
"""Who joined yesterday: the NIK's regency, the occupation, the programmes, the code."""


@pytest_asyncio.fixture
async def office(sqlite: Sqlite, keys: KeyRing) -> AsyncIterator[Office]:
    """A desk after a day with four enrolments, one of them paid, by an agent, a campaign and nobody."""
    from storage.database import open_database

    database = open_database(sqlite.fresh())
    await fill(database, keys)
    async with open_office(database, keys) as opened:
        yield opened
    await database.close()


async def fill(database: Database, keys: KeyRing) -> None:
    """Let an agent and a campaign bring people."""
    async with database.write() as connection:
        wati = await keep_agent(connection, keys, 1, "agent", "", {"name": "Wati"}, HERE, state="active")
        await keep_agent(connection, keys, 2, "agent", "", {"name": "Joko"}, HERE, state="active")
        await keep_code(connection, "WATI", "agent", HERE, agent_id=wati)
        await keep_code(connection, "BEBAS", "campaign", HERE, title="=Kerja Keras Bebas Cemas")
        for number, one in enumerate(JOINED):
            await connection.execute(sa.insert(people).values(_person(number, *one)))
            await connection.execute(sa.insert(enrolments).values(_enrolment(number, one[2])))
            await touch(connection, str(number))
        await keep_contributions(connection, "0", (Month.of(HERE),), HERE, b"")
    await roll_up(database)


def _person(number: int, regency: str, occupation: str, programmes: str, code: str) -> dict[str, object]:
    known = {"regency": regency, "occupation": occupation, "programmes": programmes, "agent": code}
    return {"id": str(number), "chat_id": 9, "number": number, "key_id": "k", "created_at": HERE, **known}


def _enrolment(number: int, programmes: str) -> dict[str, object]:
    row = {"id": str(number), "chat_id": 9, "person_id": str(number), "state": "accepted", "programmes": programmes}
    return {**row, "created_at": HERE - DAY, "updated_at": HERE}
