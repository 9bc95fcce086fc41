"""What the supervisor sees: what waits now, and from the events how long answers and solutions took."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.cases import PRIORITIES, SCORES
from storage.cases import STAFF, events, is_open
from storage.tables import case_events, cases, chats, operators

CHUNK = 1_000
COUNTED = (events.FIRST_ANSWER, events.CLOSED, events.OVERDUE, events.RATED)


class Waiting(NamedTuple):
    """The open cases that await staff: how many, how many of these nobody has, by priority's code, and the moment from
    which the one that waits longest is waiting."""

    waiting: int
    unclaimed: int
    by_priority: dict[str, int]
    oldest: dt.datetime | None


class Times(NamedTuple):
    """Of so many durations the middle one and the one that nine in ten don't exceed, in seconds; 0 where there are
    none."""

    cases: int
    p50: int
    p90: int


NONE = Times(0, 0, 0)


class Line(NamedTuple):
    """One line of the table: how long first answers and solutions took, how many cases were answered too late, and how
    many workers found the help good or bad."""

    first_answer: Times
    resolution: Times
    overdue: int
    good: int
    bad: int


NOTHING = Line(NONE, NONE, 0, 0, 0)


class Figures(NamedTuple):
    """A span's figures: of all, by operator's id ("" nobody), by reason's code."""

    whole: Line
    by_operator: dict[str, Line]
    by_reason: dict[str, Line]


class Exported(NamedTuple):
    """A case as a row of the export: nothing in it is personal. Moments are UTC; the field names are the header."""

    number: int
    reason: str
    priority: int
    state: str
    channel: str
    language: str
    region: str
    agent: str
    operator: str | None
    opened_at: dt.datetime
    first_answered_at: dt.datetime | None
    closed_at: dt.datetime | None
    overdue_at: dt.datetime | None
    reopened: int
    resolution: str
    satisfaction: str
    satisfaction_why: str


async def waiting_now(connection: AsyncConnection) -> Waiting:
    """Count what waits for staff at this moment."""
    nobody_has = sa.func.count(sa.case((cases.c.operator_id.is_(None), 1)))
    found = await connection.execute(
        sa.select(cases.c.priority, sa.func.count(), nobody_has, sa.func.min(cases.c.since))
        .where(is_open, cases.c.awaits == STAFF)
        .group_by(cases.c.priority)
    )
    rows = {rank: (waiting, unclaimed, oldest) for rank, waiting, unclaimed, oldest in found}
    return Waiting(
        sum(row[0] for row in rows.values()),
        sum(row[1] for row in rows.values()),
        {priority.code: rows[rank][0] if rank in rows else 0 for rank, priority in enumerate(PRIORITIES)},
        min((row[2] for row in rows.values()), default=None),
    )


async def figures(connection: AsyncConnection, since: dt.datetime, until: dt.datetime) -> Figures:
    """Reckon the figures of what happened from `since` until before `until`; the database does the counting."""
    whole = await _lines(connection, sa.literal_column("''"), since, until)
    return Figures(
        whole.get("", NOTHING),
        await _lines(connection, sa.func.coalesce(case_events.c.operator_id, ""), since, until),
        await _lines(connection, cases.c.reason, since, until),
    )


async def exported(connection: AsyncConnection, since: dt.datetime, until: dt.datetime) -> AsyncIterator[Exported]:
    """Yield the cases opened from `since` until before `until`, in the order of their numbers, read in chunks."""
    last = 0
    columns = [_JOINED[name] if name in _JOINED else cases.c[name] for name in Exported._fields]
    joined = cases.join(chats, chats.c.id == cases.c.chat_id).outerjoin(
        operators, operators.c.id == cases.c.operator_id
    )
    while True:
        found = await connection.execute(
            sa.select(*columns)
            .select_from(joined)
            .where(cases.c.opened_at >= since, cases.c.opened_at < until, cases.c.number > last)
            .order_by(cases.c.number)
            .limit(CHUNK)
        )
        rows = [Exported(*row) for row in found]
        for row in rows:
            yield row
        if len(rows) < CHUNK:
            return
        last = rows[-1].number


_JOINED: dict[str, Any] = {"channel": chats.c.channel, "language": chats.c.locale, "operator": operators.c.name}


async def _lines(
    connection: AsyncConnection, by: sa.ColumnElement[str], since: dt.datetime, until: dt.datetime
) -> dict[str, Line]:
    """Reckon a line for each value of a column."""
    found: defaultdict[str, dict[str, Times]] = defaultdict(dict)
    for name, kind, *spread in await connection.execute(_spread(by, since, until)):
        found[name][kind] = Times(*spread)
    return {name: _line(of_kind) for name, of_kind in sorted(found.items())}


def _spread(by: sa.ColumnElement[str], since: dt.datetime, until: dt.datetime) -> sa.Select[Any]:
    """Ask for each value and kind of event how many there are, and by nearest rank the middle and the ninth decile of
    what they took. A rating counts as the kind it says, once a case."""
    kind = sa.case((case_events.c.kind == events.RATED, cases.c.satisfaction), else_=case_events.c.kind)
    last = sa.func.max(case_events.c.n).over(partition_by=(case_events.c.number, case_events.c.kind))
    told = (
        sa.select(by.label("by"), kind.label("kind"), case_events.c.took, case_events.c.n, last.label("last"))
        .join(cases, cases.c.number == case_events.c.number)
        .where(case_events.c.kind.in_(COUNTED), case_events.c.at >= since, case_events.c.at < until)
        .subquery()
    )
    same = (told.c.by, told.c.kind)
    ranked = (
        sa.select(
            *(*same, told.c.took),
            sa.func.row_number().over(partition_by=same, order_by=told.c.took).label("rank"),
            sa.func.count().over(partition_by=same).label("cases"),
        )
        .where(sa.or_(told.c.kind.not_in(SCORES), told.c.n == told.c.last))
        .subquery()
    )

    def reached(tenths: int) -> sa.ColumnElement[Any]:
        took = sa.case((ranked.c.rank * 10 >= ranked.c.cases * tenths, ranked.c.took))
        return sa.func.coalesce(sa.func.min(took), 0)

    return sa.select(ranked.c.by, ranked.c.kind, sa.func.max(ranked.c.cases), reached(5), reached(9)).group_by(
        ranked.c.by, ranked.c.kind
    )


def _line(of_kind: dict[str, Times]) -> Line:
    counted = {kind: of_kind.get(kind, NONE) for kind in (*COUNTED, *SCORES)}
    return Line(
        counted[events.FIRST_ANSWER],
        counted[events.CLOSED],
        *(counted[kind].cases for kind in (events.OVERDUE, *SCORES)),
    )
