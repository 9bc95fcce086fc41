"""How often something may be tried, counted for all processes together.

Each thing that is counted is a token bucket, kept as the one moment at which it is full again (the generic cell rate
algorithm), and named by an index, since a name or an address says who somebody is.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import stored, tries


class Allowance(NamedTuple):
    """`burst` tries at once, then one more every `interval`."""

    burst: int
    interval: dt.timedelta


_SPEND = """
INSERT INTO tries (what, full_at) VALUES (:what, :now + :interval)
ON CONFLICT (what) DO UPDATE SET full_at = LATER(tries.full_at, :now) + :interval
WHERE LATER(tries.full_at, :now) - :now <= :slack
RETURNING full_at
"""
_BOUND = tuple(sa.bindparam(name, type_=sa.BigInteger) for name in ("now", "interval", "slack"))
_STATEMENTS = {
    dialect: sa.text(_SPEND.replace("LATER", later)).bindparams(*_BOUND)
    for dialect, later in {"sqlite": "MAX", "postgresql": "GREATEST"}.items()
}
_FORGIVE = sa.text("UPDATE tries SET full_at = full_at - :interval WHERE what = :what").bindparams(
    sa.bindparam("interval", type_=sa.BigInteger)
)


async def spend(connection: AsyncConnection, what: bytes, allowance: Allowance, now: dt.datetime) -> bool:
    """Count a try; tell whether it may be made. One that may not is not counted."""
    interval = allowance.interval // dt.timedelta(microseconds=1)
    values = {"what": what, "now": stored(now), "interval": interval, "slack": (allowance.burst - 1) * interval}
    return (await connection.execute(_STATEMENTS[connection.dialect.name], values)).first() is not None


async def forgive(connection: AsyncConnection, what: bytes, allowance: Allowance) -> None:
    """Give the last try back: it was a right one."""
    values = {"what": what, "interval": allowance.interval // dt.timedelta(microseconds=1)}
    await connection.execute(_FORGIVE, values)


async def forget_full(connection: AsyncConnection, now: dt.datetime) -> None:
    """Forget what is full again."""
    await connection.execute(sa.delete(tries).where(tries.c.full_at <= now))
