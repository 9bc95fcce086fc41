"""Which processes are alive, on PostgreSQL (law 5).

Each process keeps one session open and an advisory lock in it. Whoever is killed loses the session at once and with it
the lock, however long its leases still run; whoever is merely slow keeps both. So what a dead process left is given to
the others in seconds, and nothing is taken from a live one.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Callable, Collection
from typing import Any

import sqlalchemy as sa

from storage.database import PROCESS, Database
from storage.deliveries import LEASE, free_claims
from storage.tables import leases, stored

_SHOW_UP = "SELECT pg_try_advisory_lock($1)"
_REGISTER = "INSERT INTO leases (name, holder, until) VALUES ($1, $1, $2) ON CONFLICT DO NOTHING"
_SIGN_OFF = "DELETE FROM leases WHERE name = $1"
_OTHERS = "SELECT name FROM leases WHERE starts_with(name, $1) AND name <> $2"
_LOCKS = (
    "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
    " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
_STARTED = sa.text("SELECT pg_postmaster_start_time()")

Hear = Callable[[str], None]


class Session:
    """A process's own connection: its lock shows that the process lives, and it hears what others notify."""

    def __init__(self, wire: Any, process: str) -> None:
        self._wire = wire
        self._process = process

    async def show_up(self, now: dt.datetime) -> bool:
        """Take the lock and register; False while an earlier session of this process still has it."""
        if not await self._wire.fetchval(_SHOW_UP, _number(self._process)):
            return False
        await self._wire.execute(_REGISTER, self._process, stored(now))
        return True

    async def sign_off(self) -> None:
        """Leave in good order: there is nothing to be taken over."""
        await self._wire.execute(_SIGN_OFF, self._process)

    async def listen(self, channel: str, hear: Hear, lost: Callable[[], None]) -> None:
        """Call `hear` with what other processes notify, and `lost` when the connection ends."""

        def heard(_wire: object, sender: int, _channel: str, payload: str) -> None:
            if sender != self._wire.get_server_pid():
                hear(payload)

        self._wire.add_termination_listener(lambda _: lost())
        await self._wire.add_listener(channel, heard)

    async def notify(self, channel: str, payload: str) -> None:
        """Tell the other processes."""
        await self._wire.execute("SELECT pg_notify($1, $2)", channel, payload)

    async def absent(self) -> frozenset[str]:
        """Return the other registered processes whose lock nobody holds."""
        others = [row[0] for row in await self._wire.fetch(_OTHERS, PROCESS, self._process)]
        held = {row[0] for row in await self._wire.fetch(_LOCKS)} if others else set()
        return frozenset(name for name in others if _number(name) not in held)


@contextlib.asynccontextmanager
async def session(database: Database) -> AsyncIterator[Session]:
    """Open a session outside the pool, since it stays open; it ends with the block."""
    async with database.engine.connect() as pooled:
        raw = await pooled.get_raw_connection()
        wire = raw.driver_connection
        raw.detach()
        yield Session(wire, database.process)


async def bury(database: Database, processes: Collection[str]) -> list[str]:
    """Give back what dead processes held, accounts and the rows they were sending; return those that this call buried.

    Rows claimed before the server itself started keep their lease: when it went down everybody lost their session, and
    whoever was sending may be sending still.
    """
    async with database.write() as connection:
        registered = leases.c.name.in_(processes)
        found = await connection.execute(sa.delete(leases).where(registered).returning(leases.c.name))
        dead = list(found.scalars())  # Whom another process buries just now is not among them.
        if not dead:
            return []
        await connection.execute(sa.delete(leases).where(leases.c.holder.in_(dead)))
        started = (await connection.execute(_STARTED)).scalar_one()
        await free_claims(connection, dead, started + LEASE)
    return dead


def _number(process: str) -> int:
    """Return the number of a process's lock."""
    return int.from_bytes(hashlib.blake2b(process.encode(), digest_size=8).digest(), signed=True)
