"""Links that are good once: what is remembered is a digest of each that was spent, until it would have died anyway."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import spent_links

REMEMBERED = dt.timedelta(days=2)
"""Longer than any link lives."""


async def spend(connection: AsyncConnection, digest: bytes, now: dt.datetime) -> bool:
    """Spend a link; tell whether it was still good."""
    await connection.execute(sa.delete(spent_links).where(spent_links.c.at < now - REMEMBERED))
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    done = await connection.execute(insert(spent_links).values(digest=digest, at=now).on_conflict_do_nothing())
    return done.rowcount == 1
