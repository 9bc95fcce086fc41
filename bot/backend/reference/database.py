"""The reference backend's own SQLite file: one connection, one transaction at a time, everything fsynced."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite

SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA busy_timeout = 5000;

CREATE TABLE IF NOT EXISTS enrolments (
    reference TEXT PRIMARY KEY,
    nik_digest TEXT NOT NULL,
    masked_name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'accepted', 'refused')),
    reason TEXT NOT NULL DEFAULT '',
    kpj TEXT UNIQUE,
    sector TEXT NOT NULL,
    payer TEXT NOT NULL,
    terms TEXT NOT NULL,
    decide_at REAL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS one_membership_each ON enrolments (nik_digest) WHERE status <> 'refused';
CREATE INDEX IF NOT EXISTS undecided ON enrolments (decide_at) WHERE status = 'waiting';

CREATE TABLE IF NOT EXISTS bills (
    number INTEGER PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    enrolment TEXT NOT NULL REFERENCES enrolments (reference),
    first TEXT NOT NULL,
    months INTEGER NOT NULL,
    total INTEGER NOT NULL,
    expires REAL NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'paid', 'expired')),
    paid_at REAL
) STRICT;
CREATE INDEX IF NOT EXISTS bills_of ON bills (enrolment);
CREATE INDEX IF NOT EXISTS open_bills ON bills (expires) WHERE status = 'open';

CREATE TABLE IF NOT EXISTS events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    enrolment TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS deliveries (
    sequence INTEGER PRIMARY KEY REFERENCES events (sequence),
    enrolment TEXT NOT NULL,
    due_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_of ON deliveries (enrolment, sequence);

CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY,
    asked TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO counters VALUES ('kpj', 0);
"""


class Database:
    """The open file; `changed` is set after every commit that changed a row, for those who wait for work."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()
        self.changed = asyncio.Event()

    @classmethod
    async def open(cls, path: Path) -> Database:
        """Open the file, made with its folder if it is new and readable by its owner alone."""
        await asyncio.to_thread(_make, path)
        connection = await aiosqlite.connect(path, isolation_level=None)
        try:
            connection.row_factory = aiosqlite.Row
            await connection.executescript(SCHEMA)
        except BaseException:
            await connection.close()
            raise
        return cls(connection)

    async def close(self) -> None:
        """Wait for the transaction under way and close the file."""
        async with self._turn:
            await self._connection.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiosqlite.Connection]:
        """Do some work as one transaction: committed when the block ends, undone when it raises."""
        async with self._turn:
            before = self._connection.total_changes
            try:
                await self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
            except BaseException:
                await self._connection.rollback()
                raise
            await self._connection.commit()
            if self._connection.total_changes > before:
                self.changed.set()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
