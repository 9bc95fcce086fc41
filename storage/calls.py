"""Calls to the staff's group: which cases it was told about, each once and once more when it waited too long.

As in the outbox an attempt is counted and committed before the sending, and a call that was not told is due again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cases import STAFF, is_open
from storage.tables import calls, cases

WAITS, LATE = "waits", "late"
"""Why the group is called: nobody has taken a case, or nobody answered it within its target."""


class Call(NamedTuple):
    """A case to be told about. Nothing in it is personal: its number, the reason's code, since when it waits, the rank
    of its priority, why the group is told, and how often that was tried."""

    case_id: str
    number: int
    reason: str
    since: dt.datetime
    priority: int
    why: str
    attempts: int


async def due_calls(connection: AsyncConnection, now: dt.datetime, since: dt.datetime, limit: int) -> list[Call]:
    """Return what the group has to be told now, the most pressing first.

    A case that waits is told of once it has waited from before `since` on, an urgent one at once.
    """
    waits = sa.and_(
        cases.c.operator_id.is_(None),
        cases.c.awaits == STAFF,
        sa.or_(cases.c.priority == 0, cases.c.since <= since),
    )
    late = sa.and_(cases.c.overdue_at.is_not(None), cases.c.first_answered_at.is_(None))
    found = [*await _due(connection, now, LATE, late), *await _due(connection, now, WAITS, waits)]
    return sorted(found, key=lambda call: (call.priority, call.since, call.number))[:limit]


async def _due(
    connection: AsyncConnection, now: dt.datetime, why: str, concerned: sa.ColumnElement[bool]
) -> list[Call]:
    told = sa.and_(calls.c.case_id == cases.c.id, calls.c.why == why)
    untold = sa.or_(calls.c.case_id.is_(None), sa.and_(calls.c.told_at.is_(None), calls.c.due_at <= now))
    columns = (cases.c[name] for name in ("id", "number", "reason", "since", "priority"))
    rows = await connection.execute(
        sa.select(*columns, sa.func.coalesce(calls.c.attempts, 0))
        .outerjoin_from(cases, calls, told)
        .where(is_open, concerned, untold)
    )
    return [Call(*row[:5], why, row[5]) for row in rows]


async def count_attempt(
    connection: AsyncConnection, told: Iterable[Call], now: dt.datetime, due_at: dt.datetime
) -> None:
    """Count an attempt to tell these; should nothing come of it, they are due again at `due_at`."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    rows = [{"case_id": c.case_id, "why": c.why, "at": now, "attempts": c.attempts + 1, "due_at": due_at} for c in told]
    new = insert(calls)
    changed = {"attempts": new.excluded.attempts, "due_at": new.excluded.due_at}
    await connection.execute(new.on_conflict_do_update(index_elements=["case_id", "why"], set_=changed), rows)


async def note_told(connection: AsyncConnection, told: Iterable[Call], now: dt.datetime) -> None:
    """Note that these were told."""
    await _settle(connection, told, told_at=now, error=None)


async def note_failed(connection: AsyncConnection, told: Iterable[Call], error: str, due_at: dt.datetime) -> None:
    """Note that these could not be told, why, and when they are due again."""
    await _settle(connection, told, error=error, due_at=due_at)


async def _settle(connection: AsyncConnection, told: Iterable[Call], **values: object) -> None:
    keys = [(call.case_id, call.why) for call in told]
    await connection.execute(sa.update(calls).where(sa.tuple_(calls.c.case_id, calls.c.why).in_(keys)).values(values))
