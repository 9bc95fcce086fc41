"""Canned replies: what operators often say, kept by editors. One that was removed stays as a row, so that a start does
not bring it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import canned_replies

_SEED = "jamin"


class Canned(NamedTuple):
    """A reply at hand: its title, which only staff see, and its words, with placeholders in braces."""

    id: str
    title: str
    words: str


async def canned(connection: AsyncConnection) -> list[Canned]:
    """Return the canned replies by title."""
    found = await connection.execute(
        sa.select(canned_replies.c.id, canned_replies.c.title, canned_replies.c.words)
        .where(canned_replies.c.removed_at.is_(None))
        .order_by(sa.func.lower(canned_replies.c.title))
    )
    return [Canned(*row) for row in found]


async def keep_canned(connection: AsyncConnection, reply: Canned, by: str, now: dt.datetime) -> None:
    """Store a reply, or store it anew; `by` is the operator's name."""
    values = {**reply._asdict(), "by": by, "at": now, "removed_at": None}
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(canned_replies).values(values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


async def remove_canned(connection: AsyncConnection, reply_id: str, by: str, now: dt.datetime) -> bool:
    """Take a reply away; tell whether it was there."""
    done = await connection.execute(
        sa.update(canned_replies)
        .where(canned_replies.c.id == reply_id, canned_replies.c.removed_at.is_(None))
        .values(removed_at=now, by=by)
    )
    return done.rowcount == 1


async def seed_canned(connection: AsyncConnection, replies: Iterable[Canned], now: dt.datetime) -> None:
    """Store those replies that were never here: what editors changed or removed stays as they left it."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    rows = [{**reply._asdict(), "by": _SEED, "at": now} for reply in replies]
    await connection.execute(insert(canned_replies).on_conflict_do_nothing(), rows)
