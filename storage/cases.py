"""Cases: chats handed to people. A chat has at most one open case."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.messages import Address
from storage.chats import open_address
from storage.sealing import KeyRing, Wrapped
from storage.tables import OPEN, cases, chats

URGENT = ("distress", "accident", "death")
"""Reasons that go before all others: somebody died or was hurt."""


class Case(NamedTuple):
    """A case: `number` is what staff call it, `id` what incomings name it by; `address` is None once forgotten."""

    number: int
    id: str
    chat_id: int
    person: int
    reason: str
    state: str
    note: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    operator_id: str | None
    address: Address | None


async def open_cases(connection: AsyncConnection, keys: KeyRing) -> list[Case]:
    """Return the cases that wait for staff: who is in distress first, then the oldest."""
    return await _read(connection, keys, sa.literal_column(f"cases.{OPEN}"))


async def case_by_id(connection: AsyncConnection, keys: KeyRing, case_id: str) -> Case | None:
    """Return one case."""
    found = await _read(connection, keys, cases.c.id == case_id)
    return found[0] if found else None


async def close_case(connection: AsyncConnection, chat_id: int, case_id: str, now: dt.datetime) -> None:
    """Close a case of this chat; one that is closed stays as it is."""
    await connection.execute(
        sa.update(cases)
        .where(cases.c.id == case_id, cases.c.chat_id == chat_id, cases.c.state == "open")
        .values(state="closed", closed_at=now)
    )


async def _read(connection: AsyncConnection, keys: KeyRing, condition: sa.ColumnElement[bool]) -> list[Case]:
    owner = (chats.c[name] for name in ("ref", "key_id", "data_key", "address"))
    found = await connection.execute(
        sa.select(*(cases.c[name] for name in Case._fields[:-1]), *owner)
        .join(chats, chats.c.id == cases.c.chat_id)
        .where(condition)
        .order_by(sa.case((cases.c.reason.in_(URGENT), 0), else_=1), cases.c.number)
    )
    return [_case(keys, row) for row in found]


def _case(keys: KeyRing, row: sa.Row[Any]) -> Case:
    case = Case(**{name: getattr(row, name) for name in Case._fields[:-1]}, address=None)
    if row.data_key is None:
        return case._replace(note="")
    key = keys.unwrap(Wrapped(row.key_id, row.data_key), f"chats.{row.ref}")
    note = key.open(row.note, f"cases.note.{row.id}").decode() if row.note else ""
    return case._replace(note=note, address=open_address(key, row.ref, row.address))
