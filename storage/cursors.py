"""Up to where another system's news were read, and when they were last read to the end."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import insert_into
from storage.tables import EPOCH, cursors


class Cursor(NamedTuple):
    """The last `position` that was taken, and the moment its news were last read to the end."""

    position: int = 0
    at: dt.datetime = EPOCH


async def read_cursor(connection: AsyncConnection, name: str) -> Cursor:
    """Return a cursor; one that was never kept stands at the beginning."""
    found = await connection.execute(sa.select(cursors.c.position, cursors.c.at).where(cursors.c.name == name))
    row = found.first()
    return Cursor(*row) if row else Cursor()


async def keep_cursor(connection: AsyncConnection, name: str, cursor: Cursor) -> None:
    """Keep a cursor; it never goes back, whichever process was slower."""
    values = cursor._asdict()
    insert = insert_into(connection, cursors).values(name=name, **values)
    await connection.execute(
        insert.on_conflict_do_update(
            index_elements=["name"], set_=values, where=cursors.c.position <= insert.excluded.position
        )
    )
