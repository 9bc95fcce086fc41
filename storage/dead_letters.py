"""What the outbox gave up: seen by staff, sent again, put away for good. Who changes one row locks its chat first."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import OPEN, cases, chats, outbox

CHUNK = 500
"""Chats that one transaction sends again: more of them would keep turns waiting."""

_DEAD: sa.ColumnElement[bool] = sa.literal_column("outbox.state = 'dead'")


class DeadLetter(NamedTuple):
    """A row that was given up, for staff to see: nothing in it is personal. `case` is the number of the chat's open
    case; `kept` says whether there is still something to send."""

    chat_id: int
    line: int
    lane: str
    channel: str
    attempts: int
    error: str
    created_at: dt.datetime
    case: int | None
    kept: bool


async def dead_letters(connection: AsyncConnection, limit: int = 100, channel: str = "") -> list[DeadLetter]:
    """Return the rows given up last, newest first; those of one channel, if one is named."""
    columns: list[sa.ColumnElement[Any]] = [outbox.c[name] for name in DeadLetter._fields[:-2]]
    columns += [cases.c.number, outbox.c.payload.is_not(None)]
    opened = sa.and_(cases.c.chat_id == outbox.c.chat_id, sa.literal_column(f"cases.{OPEN}"))
    rows = await connection.execute(
        sa.select(*columns)
        .outerjoin_from(outbox, cases, opened)
        .where(_DEAD, *([outbox.c.channel == channel] if channel else ()))
        .order_by(outbox.c.created_at.desc(), outbox.c.chat_id, outbox.c.line)
        .limit(limit)
    )
    return [DeadLetter(*row) for row in rows]


async def dead_by_channel(connection: AsyncConnection) -> dict[str, int]:
    """Count what was given up, by channel."""
    found = await connection.execute(
        sa.select(outbox.c.channel, sa.func.count()).where(_DEAD).group_by(outbox.c.channel).order_by(outbox.c.channel)
    )
    return {row[0]: row[1] for row in found}


async def revive(connection: AsyncConnection, chat_id: int, line: int, now: dt.datetime) -> bool:
    """Send a dead row again, counting its attempts anew; tell whether it was there."""
    one = sa.and_(outbox.c.chat_id == chat_id, outbox.c.line == line)
    return await _revive(connection, one, now) == 1


async def revive_channel(connection: AsyncConnection, channel: str, now: dt.datetime) -> int:
    """Send again what was given up on a channel, of at most `CHUNK` chats; return how many rows that was."""
    dead = sa.select(outbox.c.chat_id).where(_DEAD, outbox.c.channel == channel, outbox.c.payload.is_not(None))
    with_dead = dead.distinct().order_by(outbox.c.chat_id).limit(CHUNK)
    chat_ids = list((await connection.execute(with_dead)).scalars())
    # Locked in the order in which turns lock them (law 11).
    await connection.execute(
        sa.select(chats.c.id).where(chats.c.id.in_(chat_ids)).order_by(chats.c.id).with_for_update()
    )
    return await _revive(connection, sa.and_(outbox.c.channel == channel, outbox.c.chat_id.in_(chat_ids)), now)


async def discard(connection: AsyncConnection, chat_id: int, line: int, now: dt.datetime) -> bool:
    """Put a dead row away for good; tell whether it was there."""
    one = sa.and_(outbox.c.chat_id == chat_id, outbox.c.line == line)
    return await _change(connection, one, state="discarded", done_at=now) == 1


async def _revive(connection: AsyncConnection, which: sa.ColumnElement[bool], now: dt.datetime) -> int:
    sendable = sa.and_(which, outbox.c.payload.is_not(None))
    return await _change(connection, sendable, state="new", attempts=0, due_at=now, done_at=None, error=None)


async def _change(connection: AsyncConnection, which: sa.ColumnElement[bool], **values: Any) -> int:
    return (await connection.execute(sa.update(outbox).where(which, _DEAD).values(values))).rowcount
