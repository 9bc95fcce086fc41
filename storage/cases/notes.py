"""Internal notes on a case: for staff, never said to the worker, sealed with the chat's key."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cases import events
from storage.cases.events import New, append
from storage.sealing import DataKey, KeyRing, Wrapped
from storage.tables import case_notes, cases, chats


class Note(NamedTuple):
    """What an operator wrote down, and when; `operator_id` says who."""

    id: str
    operator_id: str
    at: dt.datetime
    text: str


async def add_note(
    connection: AsyncConnection, keys: KeyRing, case_id: str, operator_id: str, text: str, now: dt.datetime
) -> bool:
    """Add a note; tell whether it could be kept: what an erased chat left cannot be written to."""
    owner = await _owner(connection, keys, cases.c.id == case_id, lock=True)
    if owner is None:
        return False
    number, chat_id, key = owner
    note_id = str(uuid.uuid4())
    sealed = key.seal(text.encode(), f"case_notes.text.{note_id}")
    values = {"id": note_id, "number": number, "chat_id": chat_id, "operator_id": operator_id, "at": now}
    await connection.execute(sa.insert(case_notes).values(**values, text=sealed))
    await connection.execute(sa.update(cases).where(cases.c.number == number).values(touched_at=now))
    await append(connection, New(number, chat_id, events.NOTED, now, operator_id))
    return True


async def notes_of(connection: AsyncConnection, keys: KeyRing, number: int) -> list[Note]:
    """Return a case's notes, the oldest first; none once the chat is erased."""
    owner = await _owner(connection, keys, cases.c.number == number)
    if owner is None:
        return []
    found = await connection.execute(
        sa.select(case_notes)
        .where(case_notes.c.number == number, case_notes.c.text.is_not(None))
        .order_by(case_notes.c.at, case_notes.c.id)
    )
    return [
        Note(row.id, row.operator_id, row.at, owner[2].open(row.text, f"case_notes.text.{row.id}").decode())
        for row in found
    ]


async def _owner(
    connection: AsyncConnection, keys: KeyRing, which: sa.ColumnElement[bool], *, lock: bool = False
) -> tuple[int, int, DataKey] | None:
    """Return a case's number, its chat's id and key."""
    wanted = sa.select(cases.c.number, chats.c.id, chats.c.ref, chats.c.key_id, chats.c.data_key).join(
        chats, chats.c.id == cases.c.chat_id
    )
    wanted = wanted.where(which)
    row = (await connection.execute(wanted.with_for_update(of=chats) if lock else wanted)).first()
    if row is None or row.data_key is None:
        return None
    return row.number, row.id, keys.unwrap(Wrapped(row.key_id, row.data_key), f"chats.{row.ref}")
