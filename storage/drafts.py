"""What an operator is writing in a case: sealed under the chat's key, so that it goes when the chat is erased."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sealing import BrokenSealError, DataKey, KeyRing, Wrapped
from storage.tables import chats, drafts


class Desk(NamedTuple):
    """Where a draft lies: the case's number, its chat, the operator's id."""

    number: int
    chat_id: int
    operator_id: str


async def keep_draft(connection: AsyncConnection, keys: KeyRing, desk: Desk, text: str, now: dt.datetime) -> None:
    """Keep a draft in place of the one before; an empty one is none. Nothing is kept of an erased chat."""
    if not text:
        await drop_draft(connection, desk.number, desk.operator_id)
        return
    key = await _key(connection, keys, desk.chat_id)
    if key is None:
        return
    values = {**desk._asdict(), "text": key.seal(text.encode(), _place(desk)), "at": now}
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(drafts).values(values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["number", "operator_id"], set_=values))


async def draft(connection: AsyncConnection, keys: KeyRing, desk: Desk) -> str:
    """Return what the operator was writing in this case; "" where that is nothing, or the chat was erased."""
    mine = (drafts.c.number == desk.number) & (drafts.c.operator_id == desk.operator_id)
    sealed = (await connection.execute(sa.select(drafts.c.text).where(mine))).scalar()
    key = await _key(connection, keys, desk.chat_id) if sealed else None
    if sealed is None or key is None:
        return ""
    try:
        return key.open(sealed, _place(desk)).decode()
    except BrokenSealError:  # The chat was erased and began anew under another key.
        return ""


async def drop_draft(connection: AsyncConnection, number: int, operator_id: str) -> None:
    """Forget a draft: it was sent, or its words were taken away."""
    mine = (drafts.c.number == number) & (drafts.c.operator_id == operator_id)
    await connection.execute(sa.delete(drafts).where(mine))


async def drop_drafts(connection: AsyncConnection, number: int) -> None:
    """Forget everybody's drafts of a case, which is closed."""
    await connection.execute(sa.delete(drafts).where(drafts.c.number == number))


async def _key(connection: AsyncConnection, keys: KeyRing, chat_id: int) -> DataKey | None:
    wanted = sa.select(chats.c.ref, chats.c.key_id, chats.c.data_key).where(chats.c.id == chat_id)
    row = (await connection.execute(wanted)).first()
    if row is None or row.data_key is None:
        return None
    return keys.unwrap(Wrapped(row.key_id, row.data_key), f"chats.{row.ref}")


def _place(desk: Desk) -> str:
    return f"drafts.text.{desk.number}/{desk.operator_id}"
