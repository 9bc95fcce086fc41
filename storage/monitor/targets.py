"""What the office aims at: one number a target, set at the monitor."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import insert_into
from storage.tables import targets


class Target(NamedTuple):
    """Something to aim at, and the largest number that makes sense for it."""

    name: str
    most: int


TARGETS = (
    Target("day", 1_000_000),
    Target("agents", 1_000_000),
    Target("jht", 100),
    Target("kept", 100),
    Target("potential", 300_000_000),
)
"""Enrolments a day; active agents in a month; per cent with JHT; per cent still paying after twelve months; people who
could be members where this installation works."""


async def targets_set(connection: AsyncConnection) -> dict[str, int]:
    """Return the targets that the office has set, by name."""
    found = await connection.execute(sa.select(targets.c.name, targets.c.value))
    return {row.name: row.value for row in found}


async def set_target(connection: AsyncConnection, name: str, value: int | None, now: dt.datetime) -> None:
    """Set a target, or with None take it away."""
    if value is None:
        await connection.execute(sa.delete(targets).where(targets.c.name == name))
        return
    row = {"name": name, "value": value, "at": now}
    insert = insert_into(connection, targets).values(row)
    await connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"value": value, "at": now}))
