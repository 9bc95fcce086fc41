"""The audit trail of what staff do: it only grows, and each row's digest covers the row before it.

A row that is changed, taken out or slipped in breaks the chain from there on. Subjects name things by our own numbers
and codes, never anything personal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import audit, stored

START = bytes(32)
"""What the first row names as the digest before it."""


class Entry(NamedTuple):
    """One thing done: row number `n` from 1, when, by whom (an operator's name), which act, on what."""

    n: int
    at: dt.datetime
    who: str
    act: str
    subject: str
    previous: bytes
    digest: bytes


async def append(connection: AsyncConnection, at: dt.datetime, who: str, act: str, subject: str) -> None:
    """Add a row in the caller's transaction; do it last, for until the commit everybody else who appends waits."""
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.text("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE"))
    last = (await connection.execute(sa.select(audit.c.n, audit.c.digest).order_by(audit.c.n.desc()).limit(1))).first()
    n, previous = (last.n + 1, last.digest) if last else (1, START)
    entry = Entry(n, at, who, act, subject, previous, _digest(n, at, who, act, subject, previous))
    await connection.execute(sa.insert(audit).values(entry._asdict()))


async def entries(connection: AsyncConnection) -> list[Entry]:
    """Return the whole trail, the oldest first."""
    columns = (audit.c[name] for name in Entry._fields)
    return [Entry(*row) for row in await connection.execute(sa.select(*columns).order_by(audit.c.n))]


async def first_broken(connection: AsyncConnection) -> int | None:
    """Return the number of the first row that does not follow from those before it; None if all do."""
    previous = START
    for expected, entry in enumerate(await entries(connection), start=1):
        whole = (expected, previous, _digest(*entry[:5], previous))
        if (entry.n, entry.previous, entry.digest) != whole:
            return entry.n
        previous = entry.digest
    return None


def _digest(n: int, at: dt.datetime, who: str, act: str, subject: str, previous: bytes) -> bytes:
    return hashlib.sha256(msgspec.json.encode((n, stored(at), who, act, subject, previous.hex()))).digest()
