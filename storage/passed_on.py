"""What agents filled in for somebody, kept under a code until that person takes it over or its time is up.

Found by an index of the code alone: whoever reads the database knows no code, and without one it can't be taken over.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.assistance import GOOD_FOR
from conversations.effects import PassOn
from conversations.turn import PassedOn
from storage.agents import referral
from storage.sealing import KeyRing, Wrapped
from storage.tables import passed_on

PURPOSE = "passed_on"


async def keep(connection: AsyncConnection, keys: KeyRing, chat_id: int, effect: PassOn, now: dt.datetime) -> None:
    """Keep what was filled in, sealed under a key of its own."""
    index = keys.index(PURPOSE, effect.code)
    wrapped, key = keys.new_key(_owner(index))
    values = {
        "code_index": index,
        "chat_id": chat_id,
        "agent": effect.agent,
        **wrapped._asdict(),
        "data": key.seal(msgspec.json.encode(effect.answers), _place(index)),
        "created_at": now,
    }
    await connection.execute(sa.insert(passed_on).values(values))


async def find(connection: AsyncConnection, keys: KeyRing, code: str, now: dt.datetime) -> PassedOn | None:
    """Return what waits under a code; None for a wrong one, one that was used, or whose time is up."""
    indexes = keys.indexes(PURPOSE, code)
    fresh = passed_on.c.created_at > now - GOOD_FOR
    found = await connection.execute(sa.select(passed_on).where(passed_on.c.code_index.in_(indexes), fresh))
    row = found.first()
    agent = await referral(connection, keys, row.agent, now) if row else None
    if row is None or agent is None:
        return None
    key = keys.unwrap(Wrapped(row.key_id, row.data_key), _owner(row.code_index))
    answers = msgspec.json.decode(key.open(row.data, _place(row.code_index)), type=dict[str, Any])
    return PassedOn(row.agent, agent, answers)


async def forget(connection: AsyncConnection, keys: KeyRing, code: str) -> None:
    """Forget what was kept under a code: it was taken over."""
    await connection.execute(sa.delete(passed_on).where(passed_on.c.code_index.in_(keys.indexes(PURPOSE, code))))


def _owner(index: bytes) -> str:
    return f"passed_on.{index.hex()}"


def _place(index: bytes) -> str:
    return f"passed_on.data.{index.hex()}"
