"""What the database tells about how it goes: numbers by closed lists, nothing about anybody.

None of it runs for a turn. `urgent` reads what a partial index holds, however many people are stored; `slow` walks
whole tables and is asked for seldom.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import LIVE, OPEN, cases, chats, enrolments, moment, outbox

_Condition = sa.ColumnElement[bool]

# As text, the way the partial indexes were made: SQLite uses them only for that condition.
_LIVE: _Condition = sa.literal_column(f"outbox.{LIVE}")
_DEAD: _Condition = sa.literal_column("outbox.state = 'dead'")
_OPEN: _Condition = sa.literal_column(f"cases.{OPEN}")


class Waiting(NamedTuple):
    """How many rows wait, of a kind named by `labels`, and since when the oldest does."""

    labels: tuple[str, ...]
    rows: int
    oldest: dt.datetime


class Counted(NamedTuple):
    """How many rows there are of a kind named by `labels`."""

    labels: tuple[str, ...]
    rows: int


class Urgent(NamedTuple):
    """What somebody waits for: deliveries by channel and lane, dead letters by channel, open cases by reason."""

    deliveries: list[Waiting]
    dead: list[Counted]
    cases: list[Waiting]


class Slow(NamedTuple):
    """Enrolments by state, and chats that fell silent by the flow and step they stopped at."""

    enrolments: list[Counted]
    silent: list[Counted]


async def urgent(connection: AsyncConnection) -> Urgent:
    """Count what waits now."""
    return Urgent(
        await _waiting(connection, (outbox.c.channel, outbox.c.lane), outbox.c.created_at, _LIVE),
        await _counted(connection, (outbox.c.channel,), _DEAD),
        await _waiting(connection, (cases.c.reason,), cases.c.opened_at, _OPEN),
    )


async def slow(connection: AsyncConnection, silent_since: dt.datetime) -> Slow:
    """Count enrolments, and chats whose worker was last there before a moment."""
    left = (chats.c.last_in_at < silent_since) & chats.c.erased_at.is_(None)
    return Slow(
        await _counted(connection, (enrolments.c.state,), sa.true()),
        await _counted(connection, (chats.c.flow, chats.c.step), left),
    )


async def _waiting(
    connection: AsyncConnection,
    by: tuple[sa.Column[str], ...],
    since: sa.Column[dt.datetime],
    where: sa.ColumnElement[bool],
) -> list[Waiting]:
    oldest = sa.type_coerce(sa.func.min(since), sa.BigInteger)
    found = await connection.execute(sa.select(*by, sa.func.count(), oldest).where(where).group_by(*by))
    return [Waiting(tuple(labels), count, moment(at)) for *labels, count, at in found]


async def _counted(connection: AsyncConnection, by: Sequence[sa.Column[str]], where: _Condition) -> list[Counted]:
    found = await connection.execute(sa.select(*by, sa.func.count()).where(where).group_by(*by))
    return [Counted(tuple(labels), count) for *labels, count in found]
