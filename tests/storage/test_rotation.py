"""A new master key takes over while everything stays readable."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storage.chats import Chats
from storage.database import Database
from storage.people import people_by_kpj, people_by_name, people_by_nik, people_by_phone
from storage.rotation import CHUNK, left, rotate
from storage.sealing import KeyRing, KeysError
from storage.tables import chats, metadata, people
from tests import toy
from tests.storage.living import ACCEPTED, ADDRESS, Life

NEW = KeyRing.make("k2")


def ring(*texts: str) -> KeyRing:
    """Read keys, the first one sealing."""
    return KeyRing.from_text(",".join(texts))


async def test_everything_is_found_by_the_new_key_alone(life: Life, database: Database, keys_text: str) -> None:
    """After the turn the old key can go: the chat, its people and what was typed are found and opened without it."""
    async for _ in rotate(database, ring(NEW, keys_text)):
        pass
    alone = ring(NEW)
    async with database.write() as connection:
        assert await left(connection, alone) == 0
        [person] = await people_by_nik(connection, alone, toy.NIK)
        assert person.opened() == toy.DATA
        assert await people_by_phone(connection, alone, toy.PHONE) == [person]
        assert await people_by_name(connection, alone, "siti rahayu") == [person]
        assert await people_by_kpj(connection, alone, str(ACCEPTED.kpj)) == [person]
        assert (await Chats(alone).lock(connection, [ADDRESS], toy.NOW))[ADDRESS].session


async def test_a_turn_cut_short_goes_on_where_it_stopped(life: Life, database: Database, keys_text: str) -> None:
    """Stopped after the first table, the rest is turned the next time, and nothing twice."""
    both = ring(NEW, keys_text)
    async for progress in rotate(database, both):
        first = progress
        break
    async with database.read() as connection:
        assert await left(connection, both) > 0
    again = [progress async for progress in rotate(database, both)]
    assert first not in again
    assert all(0 < progress.rows <= CHUNK for progress in again)


async def test_without_the_old_key_nothing_is_touched(life: Life, database: Database) -> None:
    """Where the old key is missing the command says so and changes nothing."""
    with pytest.raises(KeysError, match="JAMIN_KEYS"):
        async for _ in rotate(database, ring(NEW)):
            pass
    async with database.read() as connection:
        held = [await connection.scalar(sa.select(sa.func.min(table.c.key_id))) for table in (chats, people)]
    assert "k2" not in held


def test_every_data_key_is_turned() -> None:
    """Each table whose rows have a data key of their own is among those that are turned."""
    assert {table.name for table in metadata.sorted_tables if "data_key" in table.c} >= {"chats", "people"}
