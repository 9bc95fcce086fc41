"""The mark of invented people: on an empty database alone, and once."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from conversations.messages import Address
from storage.chats import Chats
from storage.database import Database
from storage.sealing import KeyRing
from storage.simulated import SimulatedError, mark_simulated, simulated
from storage.tables import people

NOW = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)


async def test_an_empty_database_is_marked_with_its_seed(database: Database) -> None:
    """What is marked tells the seed, 0 too; what is not tells that nobody in it was invented."""
    async with database.write() as connection:
        assert await simulated(connection) is None
        await mark_simulated(connection, 0, NOW)
        assert await simulated(connection) == 0


async def test_a_second_simulation_is_refused(database: Database) -> None:
    """A database holds one simulation: its count would not be the database's otherwise."""
    async with database.write() as connection:
        await mark_simulated(connection, 1, NOW)
        with pytest.raises(SimulatedError, match=r"seed 1.*JAMIN_HOME"):
            await mark_simulated(connection, 2, NOW)


async def test_where_somebody_talked_nobody_is_invented(database: Database, keys: KeyRing) -> None:
    """A single chat that no simulation made is enough to refuse, and nothing is marked."""
    async with database.write() as connection:
        await Chats(keys).lock(connection, [Address("web", "web", "somebody")], NOW)
        with pytest.raises(SimulatedError, match=r"may be real.*JAMIN_HOME"):
            await mark_simulated(connection, 1, NOW)
        assert await simulated(connection) is None


async def test_where_somebody_is_kept_nobody_is_invented(database: Database) -> None:
    """A person whose chat is forgotten counts like one who talks."""
    kept = {"id": "p", "chat_id": 1, "number": 1, "key_id": "k", "created_at": NOW}
    async with database.write() as connection:
        await connection.execute(sa.insert(people).values(kept))
        with pytest.raises(SimulatedError, match="may be real"):
            await mark_simulated(connection, 1, NOW)
