"""What looks odd in the field is scored with its reasons; what is normal is left alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import pytest_asyncio
import sqlalchemy as sa

from storage.agents import keep_agent, keep_code
from storage.arrivals import note_attribution, note_opening
from storage.database import Database
from storage.fairness import AT_ONCE, CROWD, FAMILY, LOOK_BACK, Odd, Reason, odd
from storage.retention import RULES, purge_some
from storage.sealing import KeyRing
from storage.tables import enrolments, openings, people
from tests import toy

DAY = dt.timedelta(days=1)


class Field:
    """Two agents, with chats 1 and 2, and those who came by their codes."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.count = 0

    async def joins(self, code: str, chat: int, nik: str = "", phone: str = "", after: int = 0) -> None:
        """Let somebody be handed on who came by a code, `after` minutes from the beginning."""
        self.count += 1
        key, at = str(self.count), toy.NOW + dt.timedelta(minutes=after)
        person = {
            "id": key,
            "chat_id": chat,
            "number": self.count,
            "key_id": "k",
            "nik_index": (nik or f"nik {key}").encode(),
            "phone_index": (phone or f"phone {key}").encode(),
            "agent": code,
            "created_at": at,
        }
        enrolment = {"id": key, "chat_id": chat, "person_id": key, "state": "accepted", "created_at": at}
        async with self.database.write() as connection:
            await connection.execute(sa.insert(people).values(person))
            await connection.execute(sa.insert(enrolments).values({**enrolment, "updated_at": at}))

    async def odd(self, since: dt.datetime = toy.NOW - DAY) -> list[Odd]:
        """What looks odd."""
        async with self.database.read() as connection:
            return await odd(connection, since)


@pytest_asyncio.fixture
async def field(database: Database, keys: KeyRing) -> AsyncIterator[Field]:
    """Wati with a meeting's code of hers, and Joko."""
    async with database.write() as connection:
        for chat, code in ((1, "WATI"), (2, "JOKO")):
            agent = await keep_agent(connection, keys, chat, "agent", "", {"name": code}, toy.NOW, state="active")
            await keep_code(connection, code, "agent", toy.NOW, agent_id=agent)
            if code == "WATI":
                await keep_code(connection, "RAPAT", "event", toy.NOW, agent_id=agent)
    yield Field(database)


async def test_a_family_on_one_phone_is_normal(field: Field) -> None:
    """Several people of one chat and one number, an hour apart, are nothing odd."""
    for n in range(FAMILY):
        await field.joins("WATI", 7, phone="shared", after=60 * n)
    assert await field.odd() == []


async def test_a_nik_that_came_by_two_agents_counts_for_both(field: Field) -> None:
    """The same NIK by an agent and by another's meeting is named; twice by the same agent is not."""
    await field.joins("RAPAT", 7, nik="same")
    await field.joins("WATI", 8, nik="same", after=60)
    assert await field.odd() == []
    await field.joins("JOKO", 9, nik="same", after=120)
    assert await field.odd() == [Odd("JOKO", 5, (Reason("twice", 1),)), Odd("WATI", 5, (Reason("twice", 1),))]


async def test_an_agents_own_chat_weighs_most(field: Field) -> None:
    """Enrolled by one's own code in one's own chat, and a crowd on one phone: the heavier reason stands first."""
    for n in range(FAMILY + 1):
        await field.joins("JOKO", 9, after=60 * n)
    await field.joins("JOKO", 2, after=600)
    assert await field.odd() == [Odd("JOKO", 11, (Reason("self", 1), Reason("one_phone", 1)))]


async def test_nobody_talks_to_so_many_at_once(field: Field) -> None:
    """More than anybody can talk to within minutes is named; what lies before the moment asked about is not."""
    for n in range(AT_ONCE):
        await field.joins("WATI", 100 + n)
    assert await field.odd() == [Odd("WATI", 3, (Reason("speed", 1),))]
    assert await field.odd(toy.NOW + DAY) == []


async def test_a_burst_of_chats_and_one_address_are_named(field: Field) -> None:
    """More chats at once than a meeting brings, and one address that opens a link all day, weigh little but are named;
    a full meeting is neither."""
    async with field.database.write() as connection:
        for n in range(CROWD - 1):
            await note_attribution(connection, 100 + n, "RAPAT", True, toy.NOW)
            await note_opening(connection, "WATI", b"one day, one place", toy.NOW)
    assert await field.odd() == []
    async with field.database.write() as connection:
        await note_attribution(connection, 99, "WATI", True, toy.NOW)
        await note_opening(connection, "RAPAT", b"one day, one place", toy.NOW)
        await note_opening(connection, "WATI", b"another", toy.NOW)
    assert await field.odd() == [Odd("WATI", 3, (Reason("burst", 1), Reason("one_address", 1)))]


async def test_where_links_were_opened_from_is_forgotten(field: Field) -> None:
    """After its time the index of an address is gone, while the opening is still counted."""
    async with field.database.write() as connection:
        await note_opening(connection, "WATI", b"somewhere", toy.NOW)
    places = next(rule for rule in RULES if rule.what == "places of openings")
    for moment, left in ((toy.NOW + LOOK_BACK, b"somewhere"), (toy.NOW + LOOK_BACK + DAY, None)):
        await purge_some(field.database, places, moment)
        async with field.database.read() as connection:
            assert (await connection.execute(sa.select(openings.c.source))).scalar_one() == left
