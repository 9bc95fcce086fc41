"""What the open cases can be told apart by: the languages, regions, agents and operators that occur among them."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cases import is_open
from storage.tables import cases, chats, operators


class Colleague(NamedTuple):
    """Somebody with an account at the desk."""

    id: str
    name: str
    role: str


class Choices(NamedTuple):
    """Codes that occur among the open cases; `operators` are all that may sign in, those without a case included."""

    languages: tuple[str, ...]
    regions: tuple[str, ...]
    agents: tuple[str, ...]
    operators: tuple[Colleague, ...]


async def choices(connection: AsyncConnection) -> Choices:
    """Return what the queue can be filtered by now."""
    found = await connection.execute(
        sa.select(chats.c.locale, cases.c.region, cases.c.agent)
        .join(chats, chats.c.id == cases.c.chat_id)
        .where(is_open)
        .distinct()
    )
    columns = [tuple(sorted({value for value in column if value})) for column in zip(*found, strict=True)]
    languages, regions, agents = columns or ((), (), ())
    return Choices(languages, regions, agents, await colleagues(connection))


async def colleagues(connection: AsyncConnection) -> tuple[Colleague, ...]:
    """Return everybody who may sign in, by name."""
    here = sa.select(operators.c.id, operators.c.name, operators.c.role).where(operators.c.disabled_at.is_(None))
    return tuple(Colleague(*row) for row in await connection.execute(here.order_by(operators.c.name)))


async def waiting_counts(connection: AsyncConnection, operator_id: str) -> tuple[int, int, int]:
    """Count the open cases: all of them, those that nobody has, those of this operator."""
    free = sa.func.count().filter(cases.c.operator_id.is_(None))
    mine = sa.func.count().filter(cases.c.operator_id == operator_id)
    row = (await connection.execute(sa.select(sa.func.count(), free, mine).select_from(cases).where(is_open))).one()
    return row[0], row[1], row[2]
