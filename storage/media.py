"""What workers sent while staff had their chat: pictures, voices, files, sealed with the chat's key, for a while."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sealing import KeyRing, Wrapped
from storage.tables import chats, inbound, media


class Medium(NamedTuple):
    """Something that was sent: the line of the chat it came in, its kind ("image/jpeg"), its size in bytes."""

    line: int
    kind: str
    size: int


def media_place(chat_id: int, line: int) -> str:
    """Return the place that a content is sealed for."""
    return f"media.content.{chat_id}/{line}"


async def keep_medium(
    connection: AsyncConnection, keys: KeyRing, chat_id: int, medium: Medium, content: bytes, now: dt.datetime
) -> bool:
    """Keep what came in a line, once; tell whether it was kept: not where the line was erased meanwhile."""
    owner = sa.select(chats.c.ref, chats.c.key_id, chats.c.data_key).where(chats.c.id == chat_id).with_for_update()
    chat = (await connection.execute(owner)).first()
    said = sa.exists().where(
        inbound.c.chat_id == chat_id, inbound.c.line == medium.line, inbound.c.payload.is_not(None)
    )
    kept = sa.exists().where(media.c.chat_id == chat_id, media.c.line == medium.line)
    if chat is None or chat.data_key is None or not (await connection.execute(sa.select(said & ~kept))).scalar():
        return False
    key = keys.unwrap(Wrapped(chat.key_id, chat.data_key), f"chats.{chat.ref}")
    sealed = key.seal(content, media_place(chat_id, medium.line))
    values = {**medium._asdict(), "chat_id": chat_id, "content": sealed, "created_at": now}
    await connection.execute(sa.insert(media).values(values))
    return True


async def media_of(connection: AsyncConnection, chat_id: int) -> list[Medium]:
    """Return what a chat holds, in the order of its lines."""
    columns = (media.c[name] for name in Medium._fields)
    found = await connection.execute(sa.select(*columns).where(media.c.chat_id == chat_id).order_by(media.c.line))
    return [Medium(*row) for row in found]


async def open_medium(
    connection: AsyncConnection, keys: KeyRing, chat_id: int, line: int
) -> tuple[Medium, bytes] | None:
    """Return what came in a line and its content, for somebody who may look at it; None once it is gone."""
    columns = (*(media.c[name] for name in Medium._fields), media.c.content)
    owner = (chats.c.ref, chats.c.key_id, chats.c.data_key)
    found = await connection.execute(
        sa.select(*columns, *owner)
        .join(chats, chats.c.id == media.c.chat_id)
        .where(media.c.chat_id == chat_id, media.c.line == line)
    )
    row = found.first()
    if row is None or row.data_key is None:
        return None
    key = keys.unwrap(Wrapped(row.key_id, row.data_key), f"chats.{row.ref}")
    return Medium(row.line, row.kind, row.size), key.open(row.content, media_place(chat_id, line))


async def sent_when_asked(connection: AsyncConnection, keys: KeyRing, chat_id: int, step: str) -> bytes | None:
    """Return the newest content that a chat sent while a step was asked; None where there is none."""
    newest = (
        sa.select(sa.func.max(media.c.line))
        .join(inbound, sa.and_(inbound.c.chat_id == media.c.chat_id, inbound.c.line == media.c.line))
        .where(media.c.chat_id == chat_id, inbound.c.step == step)
    )
    line = await connection.scalar(newest)
    kept = await open_medium(connection, keys, chat_id, line) if line is not None else None
    return kept[1] if kept else None
