"""A new master key takes over while everything stays readable."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.chats import Chats
from storage.cohorts import add_cohort
from storage.database import Database
from storage.people import people_by_kpj, people_by_name, people_by_nik, people_by_phone
from storage.rotation import CHUNK, left, locked_out, rotate, see_opens
from storage.sealing import BrokenSealError, KeyRing, KeysError
from storage.tables import agents, chats, cohort_members, metadata, people
from tests import toy
from tests.storage.living import ACCEPTED, ADDRESS, Life
from tests.storage.test_cohorts import SPONSOR

NEW = KeyRing.make("k2")
ROOT = Path(__file__).parent.parent.parent


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


DOOMED = """
import asyncio, os, signal, sys
from storage import rotation
from storage.database import open_database
from storage.sealing import KeyRing

turn, turned = rotation._turn, []

async def mortal(*row):
    await turn(*row)
    turned.append(row)
    if len(turned) == 3:
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    async for _ in rotation.rotate(open_database(sys.argv[1]), KeyRing.from_text(sys.argv[2])):
        pass

rotation._turn, rotation.CHUNK = mortal, 1
asyncio.run(main())
"""
"""Turns row by row, and is killed with the third one written and not committed."""


async def test_a_turn_that_is_killed_goes_on(
    whole_life: Life, database: Database, database_url: str, keys_text: str
) -> None:
    """Killed within a chunk, what was committed is turned, the rest is not, and all of it is found with both keys;
    begun again it ends with the new key alone."""
    both = f"{NEW},{keys_text}"
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", DOOMED, database_url, both, cwd=ROOT)
    assert await killed.wait() == -signal.SIGKILL
    async with database.read() as connection:
        whole = await left(connection, KeyRing.from_text(KeyRing.make("k3")))
        assert await left(connection, ring(both)) == whole - 2
        assert len(await people_by_nik(connection, ring(both), toy.NIK)) == 1
    async for _ in rotate(database, ring(both)):
        pass
    async with database.read() as connection:
        assert await left(connection, ring(NEW)) == 0
        assert len(await people_by_nik(connection, ring(NEW), toy.NIK)) == 1


async def test_a_sponsor_s_list_still_names_its_people(life: Life, database: Database, keys_text: str) -> None:
    """Whoever is on a list made under the old key is found on it under the new one, once, also where the list names
    them under both."""
    old, both = ring(keys_text), ring(NEW, keys_text)
    async with database.write() as connection:
        cohort = await add_cohort(connection, old, SPONSOR, 5, [toy.NIK], toy.NOW)
        again = {"cohort_id": cohort, "nik_index": both.index("nik", toy.NIK)}
        await add_cohort(connection, old, SPONSOR, 5, [toy.NIK], toy.NOW)
        await connection.execute(sa.insert(cohort_members).values(again))
    async for _ in rotate(database, both):
        pass
    async with database.read() as connection:
        named = (await connection.execute(sa.select(cohort_members.c.nik_index))).scalars().all()
    assert named == [ring(NEW).index("nik", toy.NIK)] * 2


async def test_every_key_is_tried_at_the_start(life: Life, database: Database, keys_text: str) -> None:
    """A key of the oldest row that was taken away, or another key of its id, shows although the newest rows open."""
    both = ring(NEW, keys_text)
    async with database.write() as connection:
        wrapped, _ = both.new_key("agents.zzz")
        new = {"id": "zzz", "state": "active", "applied_at": toy.NOW, **wrapped._asdict()}
        await connection.execute(sa.insert(agents).values(new))
        await see_opens(connection, both)
        for wrong, told in ((ring(NEW), KeysError), (ring(NEW, KeyRing.make()), BrokenSealError)):
            with pytest.raises(told):
                await see_opens(connection, wrong)
        assert (await locked_out(connection, ring(NEW)), await locked_out(connection, both)) == (
            await left(connection, both),
            0,
        )


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
