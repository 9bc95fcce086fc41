"""What happened to cases: a trail that only grows. Figures are counted from it, and live pages follow it.

`n` is one sequence for the whole installation, and a page asks "what is there since n". For that, no number may turn up
after a higher one was seen. SQLite has one writer, so numbers appear in their order. On PostgreSQL a sequence hands
numbers out before the commit and transactions commit in any order; therefore whoever appends holds an advisory lock
until the commit. Two transactions with events commit one after the other: a matter of a millisecond, and nothing that
turns without an open case wait for. The lock is taken last, after the chats' (law 11), and only the audit trail's lock
may be taken while it is held.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import Row
from storage.tables import case_events

OPENED, RAISED, REOPENED = "opened", "raised", "reopened"
CLAIMED, ASSIGNED, RETURNED, IDLE = "claimed", "assigned", "returned", "idle"
HEARD, HAPPENED = "heard", "happened"
FIRST_ANSWER, ANSWERED, NOTED, MODE, OFFERED, LED = "first_answer", "answered", "noted", "mode", "offered", "led"
OVERDUE, CLOSED, RATED = "overdue", "closed", "rated"
KINDS = (
    *(OPENED, RAISED, REOPENED, CLAIMED, ASSIGNED, RETURNED, IDLE, HEARD, HAPPENED),
    *(FIRST_ANSWER, ANSWERED, NOTED, MODE, OFFERED, LED, OVERDUE, CLOSED, RATED),
)
"""What an event may be. HEARD: the worker wrote; HAPPENED: anything else of the chat (a payment, a reminder); IDLE: the
claim ran out; OFFERED: a change was offered to the worker; LED: the worker was sent into a flow."""

_LOCK = sa.text("SELECT pg_advisory_xact_lock(426379631719)")


class New(NamedTuple):
    """An event to be added: of which case and chat, what, by whom.

    `about` is a code: the reason of an opening, the new operator of an assignment, a mode, a resolution, a score.
    `took` is in seconds since the case was opened, for a first answer and a closing.
    """

    number: int
    chat_id: int
    kind: str
    at: dt.datetime
    operator_id: str | None = None
    about: str = ""
    took: int | None = None


class Event(NamedTuple):
    """An event with its place in the trail; the fields are those of `New`."""

    n: int
    number: int
    chat_id: int
    kind: str
    at: dt.datetime
    operator_id: str | None
    about: str
    took: int | None


_READ = tuple(case_events.c[name] for name in Event._fields)


async def append(connection: AsyncConnection, *events: New) -> None:
    """Add events in the caller's transaction, which should have little left to do."""
    if not events:
        return
    await _in_order(connection)
    await connection.execute(sa.insert(case_events), [event._asdict() for event in events])


async def since(connection: AsyncConnection, n: int, limit: int = 500) -> list[Event]:
    """Return what happened after event number `n`, in order; ask again after the last one until nothing comes."""
    found = sa.select(*_READ).where(case_events.c.n > n).order_by(case_events.c.n).limit(limit)
    return [Event(*row) for row in await connection.execute(found)]


async def newest(connection: AsyncConnection) -> int:
    """Return the number of the last event, 0 while there is none; a page reads it before what it shows."""
    return (await connection.execute(sa.select(sa.func.max(case_events.c.n)))).scalar() or 0


async def of_case(connection: AsyncConnection, number: int) -> list[Event]:
    """Return a case's history, in order."""
    found = sa.select(*_READ).where(case_events.c.number == number).order_by(case_events.c.n)
    return [Event(*row) for row in await connection.execute(found)]


async def _in_order(connection: AsyncConnection) -> None:
    if connection.dialect.name == "postgresql":
        await connection.execute(_LOCK)


_ADD = {
    "sqlite": """
        INSERT INTO case_events (number, chat_id, kind, at)
        SELECT number, chat_id, ?2, ?3 FROM cases WHERE chat_id = ?1 AND state = 'open'
    """,
    "postgresql": """
        INSERT INTO case_events (number, chat_id, kind, at)
        SELECT cases.number, cases.chat_id, given.kind, given.at
        FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS given (chat_id, kind, at)
        JOIN cases ON cases.chat_id = given.chat_id AND cases.state = 'open'
    """,
}
_AWAIT_STAFF = {
    "sqlite": """
        UPDATE cases SET awaits = 'staff', since = ?3
        WHERE chat_id = ?1 AND state = 'open' AND awaits = 'worker' AND ?2 = 'heard'
    """,
    "postgresql": """
        UPDATE cases SET awaits = 'staff', since = given.at
        FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS given (chat_id, kind, at)
        WHERE cases.chat_id = given.chat_id AND cases.state = 'open' AND cases.awaits = 'worker'
        AND given.kind = 'heard'
    """,
}


async def add_to_open(connection: AsyncConnection, rows: Sequence[Row]) -> None:
    """Note what came into chats whose case is open, many in one statement; a chat without one gets nothing.

    A row is (chat id, kind, moment in microseconds). What the worker wrote makes the case await staff again.
    """
    if not rows:
        return
    await _in_order(connection)
    dialect = connection.dialect.name
    given = list(rows) if dialect == "sqlite" else tuple(map(list, zip(*rows, strict=True)))
    for statements in (_ADD, _AWAIT_STAFF):
        await connection.exec_driver_sql(statements[dialect], given)
