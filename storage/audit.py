"""The audit trail of what staff do: it only grows, and each row's digest covers the row before it.

A row that is changed, taken out or slipped in breaks the chain from there on. Rows taken off its end leave a chain that
is whole but too short: whoever keeps the number and digest of a row elsewhere finds that too. The database refuses to
change or delete a row; who owns the database can lift that. Subjects name things by our own numbers and codes, never
anything personal.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
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

    @property
    def is_whole(self) -> bool:
        """Whether the row is as it was written; whether it belongs here only the rows before it tell."""
        return self.digest == _digest(*self[:6])


class Known(NamedTuple):
    """A row that somebody wrote down elsewhere."""

    n: int
    digest: bytes


class Checked(NamedTuple):
    """What became of a check: how many rows there are, the last one's digest, the first broken row's number if any."""

    rows: int
    head: bytes
    broken: int | None


async def append(connection: AsyncConnection, at: dt.datetime, who: str, act: str, subject: str) -> None:
    """Add a row in the caller's transaction; do it last, for until the commit everybody else who appends waits."""
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.text("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE"))
    last = (await connection.execute(sa.select(audit.c.n, audit.c.digest).order_by(audit.c.n.desc()).limit(1))).first()
    n, previous = (last.n + 1, last.digest) if last else (1, START)
    entry = Entry(n, at, who, act, subject, previous, _digest(n, at, who, act, subject, previous))
    await connection.execute(sa.insert(audit).values(entry._asdict()))


def _digest(n: int, at: dt.datetime, who: str, act: str, subject: str, previous: bytes) -> bytes:
    return hashlib.sha256(msgspec.json.encode((n, stored(at), who, act, subject, previous.hex()))).digest()


# --- reading ---------------------------------------------------------------------------------------------------------

_COLUMNS = tuple(audit.c[name] for name in Entry._fields)


class Wanted(NamedTuple):
    """Which rows are looked for; what is empty or None matches every row.

    `subject` is a part of the subject, `since` and `until` bound the moment and `before` the number; `until` and
    `before` are not included.
    """

    who: str = ""
    act: str = ""
    subject: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    before: int | None = None


async def entries(connection: AsyncConnection) -> list[Entry]:
    """Return the whole trail, the oldest first."""
    return [Entry(*row) for row in await connection.execute(sa.select(*_COLUMNS).order_by(audit.c.n))]


async def find(connection: AsyncConnection, wanted: Wanted, limit: int) -> list[Entry]:
    """Return the newest rows that are wanted, the newest first."""
    rows = sa.select(*_COLUMNS).where(*_conditions(wanted)).order_by(audit.c.n.desc()).limit(limit)
    return [Entry(*row) for row in await connection.execute(rows)]


def _conditions(wanted: Wanted) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.who:
        yield audit.c.who == wanted.who
    if wanted.act:
        yield audit.c.act == wanted.act
    if wanted.subject:
        yield audit.c.subject.contains(wanted.subject, autoescape=True)
    if wanted.since:
        yield audit.c.at >= wanted.since
    if wanted.until:
        yield audit.c.at < wanted.until
    if wanted.before:
        yield audit.c.n < wanted.before


async def acts(connection: AsyncConnection) -> list[str]:
    """Return the acts that the trail knows, in alphabetical order."""
    return list((await connection.execute(sa.select(audit.c.act).distinct().order_by(audit.c.act))).scalars())


# --- checking --------------------------------------------------------------------------------------------------------


async def first_broken(connection: AsyncConnection) -> int | None:
    """Return the number of the first row that does not follow from those before it; None if all do."""
    return (await check(connection)).broken


async def check(connection: AsyncConnection, known: Known | None = None) -> Checked:
    """Go through the whole trail; with a row known from elsewhere, see that it is still there as it was."""
    rows, previous, known_seen = 0, START, known is None
    async with connection.stream(sa.select(*_COLUMNS).order_by(audit.c.n)) as found:
        async for row in found:
            entry = Entry(*row)
            rows += 1
            if entry.n != rows or entry.previous != previous or not entry.is_whole:
                return Checked(rows, previous, entry.n)
            previous = entry.digest
            known_seen = known_seen or (entry.n, entry.digest) == known
    return Checked(rows, previous, None if known_seen or known is None else known.n)
