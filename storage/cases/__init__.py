"""Cases: chats handed to people. A chat has at most one open case.

Reading them is here; `acts.py` changes them, `events.py` is the trail of what happened (the source of every figure and
of live pages), `figures.py`, `notes.py`, `search.py` and `presence.py` are what they are called.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.cases import PRIORITIES, reason
from conversations.messages import Address
from storage.chats import open_address
from storage.sealing import KeyRing, Wrapped
from storage.tables import OPEN, cases, chats

STAGES = UNCLAIMED, CLAIMED, ANSWERED, CLOSED = "unclaimed", "claimed", "answered", "closed"
"""Where a case stands: nobody has it, somebody has it and the worker waits, the worker is to answer, or it is over."""

STAFF, WORKER = "staff", "worker"
"""Whom a case awaits."""

is_open: sa.ColumnElement[bool] = sa.literal_column(f"cases.{OPEN}")


class Case(NamedTuple):
    """A case: `number` is what staff call it, `id` what incomings name it by; `address` is None once forgotten.

    `priority` is a rank (0 the most pressing), `since` the moment from which the one whom it `awaits` is waited for;
    `line` is the chat's line at which it was opened: of an anonymous case nothing before it may be shown.
    """

    number: int
    id: str
    chat_id: int
    person: int
    reason: str
    state: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    operator_id: str | None
    priority: int
    region: str
    agent: str
    line: int
    awaits: str
    since: dt.datetime
    touched_at: dt.datetime | None
    first_answered_at: dt.datetime | None
    overdue_at: dt.datetime | None
    reopened: int
    mode: str
    resolution: str
    satisfaction: str
    satisfaction_why: str
    language: str
    channel: str
    note: str
    address: Address | None

    @property
    def stage(self) -> str:
        """Where it stands, one of `STAGES`."""
        if self.state != "open":
            return CLOSED
        if self.operator_id is None:
            return UNCLAIMED
        return CLAIMED if self.awaits == STAFF else ANSWERED

    @property
    def anonymous(self) -> bool:
        """Whether staff may see neither the name nor the number."""
        return reason(self.reason).anonymous

    @property
    def priority_code(self) -> str:
        """The priority's code."""
        return PRIORITIES[self.priority].code


class Filters(NamedTuple):
    """Which open cases are wanted; "" is any. `stage` is one of `STAGES` but closed, `priority` a code, `operator` an
    operator's id."""

    stage: str = ""
    reason: str = ""
    priority: str = ""
    language: str = ""
    channel: str = ""
    region: str = ""
    agent: str = ""
    operator: str = ""


class Place(NamedTuple):
    """Where a page of the queue ended: the next one begins after it."""

    awaits: str
    priority: int
    since: dt.datetime
    number: int


def place_of(case: Case) -> Place:
    """Return a case's place in the queue."""
    return Place(case.awaits, case.priority, case.since, case.number)


ANY = Filters()
_OF_CASE = tuple(cases.c[name] for name in Case._fields if name in cases.c)
_OF_CHAT = (
    chats.c.locale.label("language"),
    chats.c.channel,
    *(chats.c[name] for name in ("ref", "key_id", "data_key", "address")),
)
_FIELDS = Case._fields[:-2]
"""What is read as it is; the note and the address are opened."""


async def queue(
    connection: AsyncConnection, keys: KeyRing, filters: Filters = ANY, limit: int = 50, after: Place | None = None
) -> list[Case]:
    """Return a page of the open cases: those that await staff before those that await the worker, in each the most
    pressing first, and among these who waits longest.

    It walks the index of the open cases, so that those closed long ago cost nothing, however many they are.
    """
    order = tuple(cases.c[name] for name in Place._fields)
    wanted = [is_open, *_conditions(filters)]
    if after is not None:
        wanted.append(sa.tuple_(*order) > sa.tuple_(*map(_bound, order, after)))
    return await _read(connection, keys, sa.and_(*wanted), order, limit)


async def count_open(connection: AsyncConnection, filters: Filters = ANY) -> int:
    """Count the open cases that a filter lets through."""
    found = sa.select(sa.func.count()).select_from(_joined()).where(is_open, *_conditions(filters))
    return (await connection.execute(found)).scalar_one()


async def case_by_id(connection: AsyncConnection, keys: KeyRing, case_id: str) -> Case | None:
    """Return one case."""
    return await _one(connection, keys, cases.c.id == case_id)


async def case_by_number(connection: AsyncConnection, keys: KeyRing, number: int) -> Case | None:
    """Return one case by what staff call it."""
    return await _one(connection, keys, cases.c.number == number)


async def open_case_of(connection: AsyncConnection, keys: KeyRing, chat_id: int) -> Case | None:
    """Return the open case of a chat."""
    return await _one(connection, keys, sa.and_(cases.c.chat_id == chat_id, is_open))


async def cases_numbered(connection: AsyncConnection, keys: KeyRing, numbers: tuple[int, ...]) -> list[Case]:
    """Return the cases of these numbers, the last opened first."""
    return await _read(connection, keys, cases.c.number.in_(numbers), (cases.c.number.desc(),))


async def ahead_of(connection: AsyncConnection, priority: int) -> int:
    """Count the open cases that wait for staff and go before a new one of this priority."""
    before = sa.select(sa.func.count()).where(is_open, cases.c.priority <= priority, cases.c.awaits == STAFF)
    return (await connection.execute(before)).scalar_one()


def _bound(column: sa.Column[Any], value: object) -> sa.BindParameter[Any]:
    return sa.bindparam(None, value, column.type)


class Unanswered(NamedTuple):
    """An open case that nobody answered yet and that isn't marked as overdue."""

    id: str
    opened_at: dt.datetime
    priority: int


async def unanswered(connection: AsyncConnection) -> list[Unanswered]:
    """Return the cases whose time for a first answer runs."""
    running = (is_open, cases.c.first_answered_at.is_(None), cases.c.overdue_at.is_(None))
    found = sa.select(*(cases.c[name] for name in Unanswered._fields)).where(*running)
    return [Unanswered(*row) for row in await connection.execute(found)]


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    wanted = [cases.c[name] == value for name in ("reason", "region", "agent") if (value := getattr(filters, name))]
    if filters.operator:
        wanted.append(cases.c.operator_id == filters.operator)
    if filters.priority:
        wanted.append(cases.c.priority == [priority.code for priority in PRIORITIES].index(filters.priority))
    if filters.language:
        wanted.append(chats.c.locale == filters.language)
    if filters.channel:
        wanted.append(chats.c.channel == filters.channel)
    return wanted + _staged(filters.stage)


def _staged(stage: str) -> list[sa.ColumnElement[bool]]:
    claimed = cases.c.operator_id.is_not(None)
    of_stage: dict[str, list[sa.ColumnElement[bool]]] = {
        UNCLAIMED: [cases.c.operator_id.is_(None)],
        CLAIMED: [claimed, cases.c.awaits == STAFF],
        ANSWERED: [claimed, cases.c.awaits == WORKER],
    }
    return of_stage.get(stage, [])


def _joined() -> sa.Join:
    return cases.join(chats, chats.c.id == cases.c.chat_id)


async def _one(connection: AsyncConnection, keys: KeyRing, condition: sa.ColumnElement[bool]) -> Case | None:
    found = await _read(connection, keys, condition, (cases.c.number,))
    return found[0] if found else None


async def _read(
    connection: AsyncConnection,
    keys: KeyRing,
    condition: sa.ColumnElement[bool],
    order: tuple[sa.ColumnElement[Any], ...],
    limit: int | None = None,
) -> list[Case]:
    wanted = sa.select(*_OF_CASE, *_OF_CHAT).select_from(_joined()).where(condition).order_by(*order).limit(limit)
    return [_case(keys, row) for row in await connection.execute(wanted)]


def _case(keys: KeyRing, row: sa.Row[Any]) -> Case:
    case = Case(**{name: getattr(row, name) for name in _FIELDS}, note="", address=None)
    if row.data_key is None:
        return case
    key = keys.unwrap(Wrapped(row.key_id, row.data_key), f"chats.{row.ref}")
    note = key.open(row.note, f"cases.note.{row.id}").decode() if row.note else ""
    return case._replace(note=note, address=open_address(key, row.ref, row.address))
