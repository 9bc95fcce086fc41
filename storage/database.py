"""Opening a database: SQLite in one file, or PostgreSQL (law 11).

Everything that writes goes through `Database.write`, a transaction that on SQLite begins IMMEDIATE (a deferred one
loses updates or fails with "database is locked") and waits its turn in this process without sleeping in the driver.
"""

from __future__ import annotations

import asyncio
import contextlib
import enum
import secrets
import sqlite3
from collections.abc import AsyncIterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_PATIENCE = 10_000
"""Milliseconds that SQLite waits for whoever writes."""
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={_PATIENCE}",
    "foreign_keys=ON",
    "cache_size=-65536",
    "secure_delete=FAST",
    "wal_autocheckpoint=8192",
)
PROCESS = "process "
"""What the name of a process on PostgreSQL begins with."""

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "postgres": "postgresql+asyncpg"}


class DatabaseUrlError(ValueError):
    """JAMIN_DATABASE_URL names a database that is neither a SQLite file nor PostgreSQL."""


class Database:
    """An open database; `close` it before the program ends, or SQLite's threads keep the process alive.

    `process` is what this process is called where it holds something in the database. One process serves a SQLite file:
    who starts again after a crash need not wait for itself.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.process = "the only process" if self.is_sqlite else PROCESS + secrets.token_hex(8)
        self._writers: contextlib.AbstractAsyncContextManager[Any] = (
            asyncio.Lock() if self.is_sqlite else contextlib.nullcontext()
        )
        self._writing = engine.execution_options(write=True)

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that may write; it commits at the end of the block and rolls back if that raises."""
        async with self._writers, self._writing.begin() as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads."""
        async with self.engine.connect() as connection:
            yield connection

    async def shorten_log(self) -> None:
        """Have SQLite write its log into the file and empty it, or overwritten keys lie there until it is full. Where
        somebody reads just now, the next time. PostgreSQL does that by itself."""
        if not self.is_sqlite:
            return
        async with self._writers, self.engine.connect() as connection:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            for pragma in ("busy_timeout=100", "wal_checkpoint(TRUNCATE)", f"busy_timeout={_PATIENCE}"):
                await driver.execute_fetchall(f"PRAGMA {pragma}")

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def open_database(url: str, *, connections: int = 10) -> Database:
    """Return the database of a URL, "sqlite:///path" or "postgresql://…"; nothing is connected yet.

    Raises:
        DatabaseUrlError: any other kind of URL, or SQLite in memory, which several connections cannot share.
    """
    try:
        parsed = make_url(url)
        driver = _DRIVERS[parsed.drivername.partition("+")[0]]
    except (sa.exc.ArgumentError, KeyError):
        raise DatabaseUrlError("JAMIN_DATABASE_URL must start with sqlite:/// or postgresql://") from None
    if driver.startswith("sqlite"):
        if parsed.database in {None, "", ":memory:"}:
            raise DatabaseUrlError("JAMIN_DATABASE_URL must name a file: sqlite:///path/to/file.db")
        return Database(_sqlite(parsed.set(drivername=driver)))
    engine = create_async_engine(
        parsed.set(drivername=driver), pool_size=connections, isolation_level="READ COMMITTED", pool_pre_ping=True
    )
    return Database(engine)


def _sqlite(url: sa.URL) -> AsyncEngine:
    engine = create_async_engine(url)

    @sa.event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy opens the transactions, not the driver.
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


class Trouble(enum.Enum):
    """What a failed transaction calls for."""

    AGAIN = "a deadlock or a lock held too long: run it again at once"
    AWAY = "the database cannot be reached or cannot store now: wait, then run it again"
    DATA = "what was written is at fault: running it again would fail again"


_AGAIN_STATES = ("40001", "40P01", "55P03")
_AWAY_STATES = ("08", "53", "57P", "58", "25006")


def trouble(error: BaseException) -> Trouble:
    """Tell what an error out of a transaction calls for (law 6)."""
    if isinstance(error, OSError | sa.exc.TimeoutError):
        return Trouble.AWAY
    if not isinstance(error, sa.exc.DBAPIError):
        return Trouble.DATA
    cause = error.orig
    state = str(getattr(cause, "sqlstate", None) or "")
    if state in _AGAIN_STATES or _sqlite_is(cause, "locked", "busy"):
        return Trouble.AGAIN
    if error.connection_invalidated or state.startswith(_AWAY_STATES):
        return Trouble.AWAY
    if _sqlite_is(cause, "full", "unable to open", "I/O", "readonly"):
        return Trouble.AWAY
    return Trouble.DATA


_COMPLAINTS = (("full", ("53100",), "full"), ("read-only", ("25006",), "readonly"), ("damaged", ("58", "XX"), "I/O"))
"""A word, what PostgreSQL's code begins with, what SQLite's message holds."""


def complaint(error: BaseException) -> str:
    """Say in a word what ails the database: "full", "read-only", "damaged" (its disk), "slow" or "away"."""
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else None
    state = str(getattr(cause, "sqlstate", None) or "")
    for word, states, sign in _COMPLAINTS:
        if state.startswith(states) or _sqlite_is(cause, sign):
            return word
    return "slow" if isinstance(error, TimeoutError | sa.exc.TimeoutError) else "away"


def _sqlite_is(cause: BaseException | None, *signs: str) -> bool:
    return isinstance(cause, sqlite3.OperationalError) and any(sign in str(cause) for sign in signs)
