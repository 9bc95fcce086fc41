"""What changes a case. Every act locks the case's chat first (law 11), and adds what it did to the events last.

Two operators never both have a case: whoever comes second finds it claimed once the lock is theirs.
"""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.cases import CAPACITY, RESOLUTIONS
from storage.cases import STAFF, WORKER, events, is_open
from storage.cases.events import New, append
from storage.tables import case_marks, case_notes, case_presence, cases, chats, drafts, operators


class Claimed(enum.Enum):
    """What came of claiming a case."""

    MINE = "the operator has it now, or had it already"
    TAKEN = "somebody else was first"
    FULL = "the operator has as many as one may have at once"
    OVER = "it is closed, or was never there"


async def claim(
    connection: AsyncConnection, case_id: str, operator_id: str, now: dt.datetime, capacity: int = CAPACITY
) -> Claimed:
    """Give an operator a case that nobody has, if they have fewer than `capacity` that await staff."""
    case = await _locked(connection, case_id)
    if case is None:
        return Claimed.OVER
    if case.operator_id not in (None, operator_id):
        return Claimed.TAKEN
    if case.operator_id == operator_id:
        return Claimed.MINE
    # One operator in two windows is held to the same number.
    await connection.execute(sa.select(operators.c.id).where(operators.c.id == operator_id).with_for_update())
    if await load_of(connection, operator_id) >= capacity:
        return Claimed.FULL
    await _change(connection, case_id, operator_id=operator_id, touched_at=now)
    await append(connection, New(case.number, case.chat_id, events.CLAIMED, now, operator_id))
    return Claimed.MINE


async def load_of(connection: AsyncConnection, operator_id: str) -> int:
    """Count the open cases that an operator has and that await staff."""
    mine = sa.select(sa.func.count()).where(is_open, cases.c.operator_id == operator_id, cases.c.awaits == STAFF)
    return (await connection.execute(mine)).scalar_one()


async def assign(connection: AsyncConnection, case_id: str, to: str, by: str, now: dt.datetime) -> bool:
    """Give a case to an operator, whoever has it and however many they have; tell whether it is open."""
    case = await _locked(connection, case_id)
    if case is None:
        return False
    if case.operator_id != to:
        await _change(connection, case_id, operator_id=to, touched_at=now)
        await append(connection, New(case.number, case.chat_id, events.ASSIGNED, now, by, about=to))
    return True


async def hand_back(connection: AsyncConnection, case_id: str, by: str, now: dt.datetime) -> bool:
    """Put a case back into the queue for anybody; tell whether somebody had it."""
    case = await _locked(connection, case_id)
    if case is None or case.operator_id is None:
        return False
    await _change(connection, case_id, operator_id=None)
    await append(connection, New(case.number, case.chat_id, events.RETURNED, now, by))
    return True


async def return_idle(connection: AsyncConnection, now: dt.datetime, idle: dt.timedelta) -> list[int]:
    """Put back claimed cases whose worker has waited, and whose operator has done nothing, for `idle`, unless they are
    typing now; return their numbers."""
    left = (
        is_open,
        cases.c.operator_id.is_not(None),
        cases.c.awaits == STAFF,
        cases.c.since < now - idle,
        sa.or_(cases.c.touched_at.is_(None), cases.c.touched_at < now - idle),
        ~_types(now),
    )
    found = await connection.execute(sa.select(cases.c.chat_id, cases.c.operator_id).where(*left))
    had = {row.chat_id: row.operator_id for row in found}
    await connection.execute(sa.select(chats.c.id).where(chats.c.id.in_(had)).order_by(chats.c.id).with_for_update())
    put_back = await connection.execute(
        sa.update(cases)
        .where(*left, cases.c.chat_id.in_(had))
        .values(operator_id=None)
        .returning(cases.c.number, cases.c.chat_id)
    )
    returned = [(row.number, row.chat_id) for row in put_back]
    await append(connection, *(New(n, chat_id, events.IDLE, now, had[chat_id]) for n, chat_id in returned))
    return [number for number, _ in returned]


def _types(now: dt.datetime) -> sa.ColumnElement[bool]:
    """Whether the operator who has the case is typing in it."""
    here = case_presence.c
    return sa.exists().where(
        here.number == cases.c.number, here.operator_id == cases.c.operator_id, here.typing, here.until > now
    )


async def mark_overdue(connection: AsyncConnection, case_id: str, now: dt.datetime) -> bool:
    """Note that a case was not answered within its priority's time; tell whether that is news."""
    case = await _locked(connection, case_id)
    if case is None or case.overdue_at is not None or case.first_answered_at is not None:
        return False
    await _change(connection, case_id, overdue_at=now)
    await append(connection, New(case.number, case.chat_id, events.OVERDUE, now, case.operator_id))
    return True


# --- in the transaction of a turn, where the chat is locked already --------------------------------------------------


async def answered(connection: AsyncConnection, case_id: str, by: str | None, now: dt.datetime) -> None:
    """Note that staff wrote to the worker, whom the case now awaits. Who answers a case that nobody has, has it."""
    case = await _found(connection, case_id)
    if case is None:
        return
    by = by or case.operator_id
    await _change(
        connection,
        case_id,
        operator_id=case.operator_id or by,
        awaits=WORKER,
        since=now,
        touched_at=now,
        first_answered_at=case.first_answered_at or now,
    )
    kind = events.ANSWERED if case.first_answered_at else events.FIRST_ANSWER
    took = None if case.first_answered_at else _seconds(now - case.opened_at)
    await append(connection, New(case.number, case.chat_id, kind, now, by, took=took))


async def close_case(
    connection: AsyncConnection, case_id: str, by: str | None, resolution: str, now: dt.datetime
) -> None:
    """Close a case; one that is closed stays as it is. A resolution we don't know is kept as none."""
    case = await _found(connection, case_id)
    if case is None:
        return
    how = resolution if resolution in RESOLUTIONS else ""
    by = by or case.operator_id
    await _change(connection, case_id, state="closed", closed_at=now, resolution=how, operator_id=by)
    took = _seconds(now - case.opened_at)
    await append(connection, New(case.number, case.chat_id, events.CLOSED, now, by, about=how, took=took))


async def acted(connection: AsyncConnection, case_id: str, kind: str, by: str | None, now: dt.datetime) -> None:
    """Note something an operator did in a chat that changes nothing of the case: OFFERED, LED."""
    case = await _found(connection, case_id)
    if case is not None:
        await _change(connection, case_id, touched_at=now)
        await append(connection, New(case.number, case.chat_id, kind, now, by or case.operator_id))


async def set_mode(connection: AsyncConnection, case_id: str, mode: str, by: str | None, now: dt.datetime) -> None:
    """Note what the bot does while the case is open."""
    case = await _found(connection, case_id)
    if case is not None:
        await _change(connection, case_id, mode=mode, touched_at=now)
        await append(connection, New(case.number, case.chat_id, events.MODE, now, by, about=mode))


async def rate(connection: AsyncConnection, chat_id: int, case_id: str, score: str, why: str, now: dt.datetime) -> None:
    """Keep how a worker found the help, and why; a later tap on the same question changes it."""
    changed = await connection.execute(
        sa.update(cases)
        .where(cases.c.id == case_id, cases.c.chat_id == chat_id)
        .values(satisfaction=score, satisfaction_why=why)
        .returning(cases.c.number, cases.c.operator_id)
    )
    row = changed.first()
    if row is not None:
        await append(connection, New(row.number, chat_id, events.RATED, now, row.operator_id, about=score))


async def erase_cases(connection: AsyncConnection, chat_id: int, now: dt.datetime) -> None:
    """Erase what a chat's cases, notes and drafts hold; an open one is closed, for nobody can answer it any more."""
    found = await connection.execute(sa.select(cases.c.id).where(cases.c.chat_id == chat_id, is_open))
    for case_id in found.scalars():
        await close_case(connection, case_id, None, "erased", now)
    await connection.execute(sa.update(cases).where(cases.c.chat_id == chat_id).values(note=None))
    await connection.execute(sa.update(case_notes).where(case_notes.c.chat_id == chat_id).values(text=None))
    for table in (drafts, case_marks):
        await connection.execute(sa.delete(table).where(table.c.chat_id == chat_id))


# --- the case itself -------------------------------------------------------------------------------------------------


async def _found(connection: AsyncConnection, case_id: str) -> sa.Row[Any] | None:
    """Read an open case as it is now."""
    found = await connection.execute(sa.select(cases).where(cases.c.id == case_id, is_open))
    return found.first()


async def _locked(connection: AsyncConnection, case_id: str) -> sa.Row[Any] | None:
    """Lock a case's chat and read the case as it is then; None if it is not open."""
    mine = sa.select(cases.c.chat_id).where(cases.c.id == case_id).scalar_subquery()
    await connection.execute(sa.select(chats.c.id).where(chats.c.id == mine).with_for_update())
    return await _found(connection, case_id)


async def _change(connection: AsyncConnection, case_id: str, **values: Any) -> None:
    await connection.execute(sa.update(cases).where(cases.c.id == case_id).values(values))


def _seconds(span: dt.timedelta) -> int:
    return max(0, int(span.total_seconds()))
