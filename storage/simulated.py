"""The mark of a database whose people are invented. It is set before the first of them, and never taken away."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cursors import Cursor, keep_cursor, read_cursor
from storage.tables import EPOCH, chats, people

MARK = "simulation"
ELSEWHERE = ": name an empty folder with JAMIN_HOME, or an empty database with JAMIN_DATABASE_URL"


class SimulatedError(Exception):
    """A database and what it is to be used for do not fit: one is real, the other invented. The message says which."""


async def simulated(connection: AsyncConnection) -> int | None:
    """Return the seed of the simulation that a database holds; None for a database of real people."""
    cursor = await read_cursor(connection, MARK)
    return None if cursor.at == EPOCH else cursor.position


async def mark_simulated(connection: AsyncConnection, seed: int, now: dt.datetime) -> None:
    """Mark an empty database as one of invented people.

    Raises:
        SimulatedError: somebody is in it, whether invented or real; nothing was changed.
    """
    if (held := await simulated(connection)) is not None:
        raise SimulatedError(f"this database holds a simulation already (seed {held}){ELSEWHERE}")
    for table in (chats, people):
        if (await connection.execute(sa.select(sa.exists(sa.select(table))))).scalar():
            raise SimulatedError(f"this database holds chats of people who may be real{ELSEWHERE}")
    await keep_cursor(connection, MARK, Cursor(seed, now))
