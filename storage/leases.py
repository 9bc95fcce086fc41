"""Leases: which process polls and sends for a channel account (law 5).

The database's own clock decides, since the clocks of two machines may differ.
"""

from __future__ import annotations

import sqlalchemy as sa

from storage.database import Database
from storage.tables import leases

_NOW = {
    "sqlite": "CAST(strftime('%s', 'now') AS INTEGER) * 1000000",
    "postgresql": "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)",
}
_HOLD = """
INSERT INTO leases (name, holder, until) VALUES (:name, :holder, NOW + :span)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE leases.holder = excluded.holder OR leases.until < NOW
RETURNING holder
"""
_STATEMENTS = {dialect: sa.text(_HOLD.replace("NOW", now)) for dialect, now in _NOW.items()}


async def hold(database: Database, name: str, holder: str, seconds: int) -> bool:
    """Take or prolong a lease for that many seconds; tell whether `holder` has it now."""
    statement = _STATEMENTS["sqlite" if database.is_sqlite else "postgresql"]
    async with database.write() as connection:
        row = await connection.execute(statement, {"name": name, "holder": holder, "span": seconds * 1_000_000})
        return row.first() is not None


async def release(database: Database, name: str, holder: str) -> None:
    """Give a lease back before it ends; another holder's is left alone."""
    async with database.write() as connection:
        await connection.execute(sa.delete(leases).where(leases.c.name == name, leases.c.holder == holder))
