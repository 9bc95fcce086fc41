"""Balancing the books after kills: what was sent, taken, handed on, answered and received must agree, each once."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.whatsapp.updates import CHANNEL
from conversations.messages import Address
from storage.chats import Chats
from storage.database import Database, open_database
from storage.deliveries import REPLY
from storage.sealing import KeyRing
from storage.tables import LIVE, enrolments, outbox
from storage.transcript import WORKER, lines_of_chat
from tests.crash.fleet import Fleet
from tests.crash.phones import RECEIPT, Messenger, Phone
from tests.fakes import graph_api

PATIENCE = 120.0
LOOK_EVERY = 0.2


class Row(NamedTuple):
    """A reply as it is stored."""

    line: int
    state: str
    attempts: int


class Tally(NamedTuple):
    """What was counted, and every disagreement found."""

    phones: int = 0
    said: int = 0
    replies: int = 0
    copies: int = 0
    accepted: int = 0
    deadlocks: int = 0
    faults: tuple[str, ...] = ()


async def balanced(fleet: Fleet, messenger: Messenger, phones: Sequence[Phone], *, enrolled: bool) -> Tally:
    """Wait until nothing is left to send, then compare everybody's books; `enrolled` where everybody went that far."""
    database, keys = open_database(fleet.database_url), KeyRing.from_text(fleet.keys)
    try:
        await _settled(database)
        async with database.read() as connection:
            tally = Tally(deadlocks=await _deadlocks(database, connection))
            for phone in phones:
                tally = await _counted(connection, keys, messenger, phone, tally, enrolled)
            states = list((await connection.execute(sa.select(enrolments.c.state))).scalars())
    finally:
        await database.close()
    accepted, people = _backend(fleet)
    expected = len(phones) if enrolled else 0
    faults = [f"{tally.deadlocks} deadlocks"] * (tally.deadlocks > 0)
    if (accepted, people) != (expected, expected) or states != ["accepted"] * expected:
        faults.append(f"{accepted} enrolments of {people} people at the backend, {len(states)} with us, not {expected}")
    return tally._replace(accepted=accepted, faults=(*tally.faults, *faults))


async def _settled(database: Database) -> None:
    live = sa.select(sa.exists().where(sa.literal_column(LIVE)).select_from(outbox))
    async with asyncio.timeout(PATIENCE):
        while True:
            async with database.read() as connection:
                if not (await connection.execute(live)).scalar_one():
                    return
            await asyncio.sleep(LOOK_EVERY)


async def _deadlocks(database: Database, connection: AsyncConnection) -> int:
    if database.is_sqlite:
        return 0
    counted = sa.text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int((await connection.execute(counted)).scalar_one())


async def _counted(
    connection: AsyncConnection, keys: KeyRing, messenger: Messenger, phone: Phone, tally: Tally, enrolled: bool
) -> Tally:
    """Add one phone to the tally."""
    chat = await Chats(keys).find(connection, Address(CHANNEL, graph_api.NUMBER, phone.person))
    if chat is None:
        return tally._replace(faults=(*tally.faults, f"{phone.person}: nothing is known of it"))
    taken = [line.id for line in await lines_of_chat(connection, keys, chat) if line.author == WORKER]
    stored = await connection.execute(
        sa.select(outbox.c.line, outbox.c.state, outbox.c.attempts)
        .where(outbox.c.chat_id == chat, outbox.c.lane == REPLY)
        .order_by(outbox.c.line)
    )
    rows = [Row(*row) for row in stored]
    faults = [f"{phone.person}: {fault}" for fault in (*_taken(phone, taken), *_delivered(messenger, phone, rows))]
    if enrolled and _receipts(messenger, phone) != 1:
        faults.append(f"{phone.person}: {_receipts(messenger, phone)} receipts")
    return tally._replace(
        phones=tally.phones + 1,
        said=tally.said + len(taken),
        replies=tally.replies + len(rows),
        copies=tally.copies + sum(count - 1 for count in messenger.copies(phone.person).values()),
        faults=(*tally.faults, *faults),
    )


def _taken(phone: Phone, taken: list[str]) -> list[str]:
    """Every answer taken once, in order."""
    return [] if taken == phone.said else [f"sent {phone.said}, taken {taken}"]


def _delivered(messenger: Messenger, phone: Phone, rows: list[Row]) -> list[str]:
    """Every reply arrived, in order, with no more copies than attempts."""
    copies, arrived = messenger.copies(phone.person), messenger.arrived(phone.person)
    faults = [f"line {row.line} is {row.state}" for row in rows if row.state != "done"]
    lost = {row.line for row in rows} - {sent.line for sent in arrived}
    faults += [f"line {line} never arrived" for line in sorted(lost)]
    attempts = {row.line: row.attempts for row in rows}
    faults += [f"line {line} arrived {n} times" for (line, _), n in copies.items() if n > attempts.get(line, 0)]
    if [sent.line for sent in arrived] != sorted(sent.line for sent in arrived):
        faults.append(f"arrived in the order {[sent.line for sent in arrived]}")
    return faults


def _receipts(messenger: Messenger, phone: Phone) -> int:
    return len({sent.line for sent in messenger.arrived(phone.person) if RECEIPT in graph_api.words(sent.given)})


def _backend(fleet: Fleet) -> tuple[int, int]:
    """How many enrolments the backend accepted, and of how many people."""
    with closing(sqlite3.connect(fleet.home / "backend" / "reference.db")) as books:
        [[accepted, people]] = books.execute(
            "SELECT count(*), count(DISTINCT nik_digest) FROM enrolments WHERE status = 'accepted'"
        )
    return accepted, people
