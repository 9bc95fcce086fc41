"""What the supervisor sees: what waits now, and from the events how long answers and solutions took."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.cases import PRIORITIES
from storage.cases import STAFF, events, is_open
from storage.tables import case_events, cases, chats, operators

CHUNK = 1_000


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
    """Reckon the figures of what happened from `since` until before `until`.

    The durations are ranked here: with window functions both databases took several times as long (measured).
    """
    happened = await connection.execute(
        sa.select(case_events.c.kind, case_events.c.operator_id, cases.c.reason, case_events.c.took)
        .join(cases, cases.c.number == case_events.c.number)
        .where(
            case_events.c.kind.in_((events.FIRST_ANSWER, events.CLOSED, events.OVERDUE)),
            case_events.c.at >= since,
            case_events.c.at < until,
        )
    )
    rated = await connection.execute(
        sa.select(cases.c.satisfaction, cases.c.operator_id, cases.c.reason, sa.null()).where(
            cases.c.closed_at >= since, cases.c.closed_at < until, cases.c.satisfaction != ""
        )
    )
    rows = [*happened, *rated]
    return Figures(_line(rows), _lines(rows, 1), _lines(rows, 2))


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


def _lines(rows: Sequence[Any], by: int) -> dict[str, Line]:
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row[by] or ""].append(row)
    return {name: _line(group) for name, group in sorted(groups.items())}


def _line(rows: Sequence[Any]) -> Line:
    """Reckon one line from rows of (kind or score, operator, reason, seconds taken)."""
    took: defaultdict[str, list[int]] = defaultdict(list)
    for kind, _, _, seconds in rows:
        took[kind].append(seconds or 0)
    return Line(
        _times(took[events.FIRST_ANSWER]),
        _times(took[events.CLOSED]),
        *(len(took[kind]) for kind in (events.OVERDUE, "good", "bad")),
    )


def _times(seconds: Sequence[int]) -> Times:
    """Reckon the middle and the ninth decile by nearest rank."""
    if not seconds:
        return NONE
    ordered = sorted(seconds)
    p50, p90 = (ordered[math.ceil(len(ordered) * part / 10) - 1] for part in (5, 9))
    return Times(len(ordered), p50, p90)
