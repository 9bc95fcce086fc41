"""Who looks at a case or types in it just now, so that two operators don't answer the same person twice.

A row is a lease of some seconds that a page renews; nothing else depends on it, and it is lost with the page.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import case_presence


class Present(NamedTuple):
    """An operator who has a case open, and whether they type."""

    operator_id: str
    typing: bool


async def be_present(
    connection: AsyncConnection, number: int, operator_id: str, *, typing: bool, until: dt.datetime
) -> None:
    """Say that an operator has a case open until a moment."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {"typing": typing, "until": until}
    await connection.execute(
        insert(case_presence)
        .values(number=number, operator_id=operator_id, **values)
        .on_conflict_do_update(index_elements=["number", "operator_id"], set_=values)
    )


async def leave(connection: AsyncConnection, number: int, operator_id: str) -> None:
    """Say that an operator has a case open no more."""
    mine = sa.and_(case_presence.c.number == number, case_presence.c.operator_id == operator_id)
    await connection.execute(sa.delete(case_presence).where(mine))


async def present(connection: AsyncConnection, number: int, now: dt.datetime) -> list[Present]:
    """Return who has a case open."""
    here = sa.select(case_presence.c.operator_id, case_presence.c.typing).where(
        case_presence.c.number == number, case_presence.c.until > now
    )
    return [Present(*row) for row in await connection.execute(here.order_by(case_presence.c.operator_id))]


async def all_present(connection: AsyncConnection, now: dt.datetime) -> list[tuple[int, Present]]:
    """Return who has which case open."""
    here = sa.select(case_presence.c.number, case_presence.c.operator_id, case_presence.c.typing)
    found = await connection.execute(here.where(case_presence.c.until > now))
    return [(row.number, Present(row.operator_id, row.typing)) for row in found]


async def forget_absent(connection: AsyncConnection, now: dt.datetime) -> None:
    """Delete the leases that ran out."""
    await connection.execute(sa.delete(case_presence).where(case_presence.c.until <= now))
