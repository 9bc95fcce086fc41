"""Turning to a new master key while the program runs: data keys are wrapped anew, indexes written anew.

Put the new key first in JAMIN_KEYS and leave the old one behind it; every process opens both. What was sealed stays as
it is, since data keys don't change. The work goes in small batches, each its own transaction, and begins again where it
was cut short: what is left is what still names an old key.

Four kinds of index cannot be written anew, because what they were made of is not kept: those of messages taken, of
bills paid, of operators' backup codes, and of people on a sponsor's list who never wrote to us. Operators make such
codes anew, the old key stays in JAMIN_KEYS for a week after the turn, as long as messengers bring a message again, and
for as long as such a list pays.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cases.marks import mark_anew
from storage.chats import address_text, open_address
from storage.cohorts import index_member_anew
from storage.database import Database
from storage.enrolments import index_kpj_anew
from storage.people import keep_words
from storage.sealing import KeyRing, Wrapped
from storage.tables import chats, metadata, passed_on, people

CHUNK = 200
"""Rows a transaction: short enough that nobody's turn waits for it."""


class Progress(NamedTuple):
    """So many rows of a table were turned to the first key just now."""

    table: str
    rows: int


async def rotate(database: Database, keys: KeyRing) -> AsyncIterator[Progress]:
    """Turn every row that names another key than the first to the first, a chunk at a time.

    Raises:
        KeysError: a key that rows need is not in JAMIN_KEYS.
    """
    for table in OWNERS:
        while rows := await _chunk(database, keys, table):
            yield Progress(table.name, rows)


async def left(connection: AsyncConnection, keys: KeyRing) -> int:
    """Count the rows that still name another key than the first."""
    counts = [await connection.scalar(sa.select(sa.func.count()).where(*_old(table, keys))) for table in OWNERS]
    return sum(count or 0 for count in counts)


async def locked_out(connection: AsyncConnection, keys: KeyRing) -> int:
    """Count the rows that name a key which is not here, so that nobody can open them."""
    lost = [
        sa.select(sa.func.count()).where(table.c.key_id.not_in(keys.ids), table.c.data_key.is_not(None))
        for table in OWNERS
    ]
    return sum([await connection.scalar(count) or 0 for count in lost])


async def see_opens(connection: AsyncConnection, keys: KeyRing) -> None:
    """See that the keys open the first and the last row of every table: the one sealed longest ago and the newest.

    Raises:
        KeysError: a key that one of them needs is not in JAMIN_KEYS.
        BrokenSealError: a key of that id is another one.
    """
    for table, owner in OWNERS.items():
        [name] = table.primary_key.columns
        for order in (name.asc(), name.desc()):
            kept = sa.select(table).where(table.c.data_key.is_not(None)).order_by(order).limit(1)
            if row := (await connection.execute(kept)).first():
                keys.unwrap(Wrapped(row.key_id, row.data_key), f"{table.name}.{owner(row)}")


async def _chunk(database: Database, keys: KeyRing, table: sa.Table) -> int:
    [name] = table.primary_key.columns
    async with database.write() as connection:
        wanted = sa.select(table).where(*_old(table, keys)).order_by(name).limit(CHUNK).with_for_update()
        rows = (await connection.execute(wanted)).all()
        for row in rows:
            await _turn(connection, keys, table, row)
    return len(rows)


def _old(table: sa.Table, keys: KeyRing) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.key_id != keys.first, table.c.data_key.is_not(None)


async def _turn(connection: AsyncConnection, keys: KeyRing, table: sa.Table, row: sa.Row[Any]) -> None:
    owner = f"{table.name}.{OWNERS[table](row)}"
    wrapped = Wrapped(row.key_id, row.data_key)
    changes: dict[str, Any] = keys.rewrapped(wrapped, owner)._asdict()
    if table in INDEXED:
        changes |= await INDEXED[table](connection, keys, row)
    [name] = table.primary_key.columns
    await connection.execute(sa.update(table).where(name == row._mapping[name]).values(changes))


async def _of_chat(connection: AsyncConnection, keys: KeyRing, row: sa.Row[Any]) -> dict[str, bytes]:
    key = keys.unwrap(Wrapped(row.key_id, row.data_key), f"chats.{row.ref}")
    address = open_address(key, row.ref, row.address)
    await mark_anew(connection, keys, row.id)
    return {"address_index": keys.index("address", address_text(address))}


async def _of_person(connection: AsyncConnection, keys: KeyRing, row: sa.Row[Any]) -> dict[str, bytes]:
    key = keys.unwrap(Wrapped(row.key_id, row.data_key), f"people.{row.id}")
    data = msgspec.json.decode(key.open(row.data, f"people.data.{row.id}"), type=dict[str, str])
    await keep_words(connection, keys, row.id, data.get("name", ""))
    await index_kpj_anew(connection, keys, row.id, key)
    if "nik" in data:
        await index_member_anew(connection, keys, data["nik"])
    return {f"{kind}_index": keys.index(kind, data[kind]) for kind in ("nik", "phone") if kind in data}


NAMES: dict[sa.Table, Callable[[sa.Row[Any]], str]] = {
    chats: lambda row: str(row.ref),
    passed_on: lambda row: str(row.code_index.hex()),
}
OWNERS: dict[sa.Table, Callable[[sa.Row[Any]], str]] = {
    table: NAMES.get(table, lambda row: str(row.id)) for table in metadata.sorted_tables if "data_key" in table.c
}
"""The tables whose rows have a data key of their own, and what names its owner."""

INDEXED: dict[sa.Table, Callable[[AsyncConnection, KeyRing, sa.Row[Any]], Awaitable[dict[str, bytes]]]] = {
    chats: _of_chat,
    people: _of_person,
}
"""Tables whose rows are found by indexes, which depend on the key too."""
