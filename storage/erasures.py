"""What was erased, told apart from the database, so that it is erased again where an older copy is restored.

An erased chat's wrapped key is gone from the database, and still in every copy made before. So the list of erasures is
taken somewhere else in time, and played to a restored database before anybody is served from it. It holds digests of
our own references and moments: nothing of it leads to anybody who has not got the old database as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.erasure import erase_chat, erased_digest, forget_chats
from storage.tables import chats, erasures

CHUNK = 500
"""Chats that are looked at in one transaction."""


class Erased(NamedTuple):
    """A chat that was erased: a digest of its reference before that, and when."""

    digest: bytes
    at: dt.datetime

    def __str__(self) -> str:
        return f"{self.digest.hex()} {self.at:%Y-%m-%dT%H:%M:%SZ}"

    @classmethod
    def parse(cls, line: str) -> Erased:
        """Read what `str` wrote.

        Raises:
            ValueError: the line is written in any other way.
        """
        digest, at = line.split()
        return cls(bytes.fromhex(digest), dt.datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC))


async def listed(connection: AsyncConnection) -> list[Erased]:
    """Return all erasures still remembered, the oldest first."""
    found = await connection.execute(sa.select(erasures).order_by(erasures.c.at, erasures.c.digest))
    return [Erased(row.digest, row.at) for row in found]


async def replay(database: Database, known: Iterable[Erased], now: dt.datetime) -> int:
    """Erase for good what the list names and is here again; return how many chats. Run it before anybody is served:
    nobody is told, for each of them was told when they asked."""
    digests = {one.digest for one in known}
    after, again = 0, 0
    while True:
        async with database.write() as connection:
            rows = (await connection.execute(_after(after))).all()
            if not rows:
                return again
            gone = [row.id for row in rows if erased_digest(row.ref) in digests]
            for chat_id in gone:
                await erase_chat(connection, chat_id, now)
            await forget_chats(connection, gone, now)
        after, again = rows[-1].id, again + len(gone)


def _after(chat_id: int) -> sa.Select[tuple[int, str]]:
    """The next chats that still have a key, locked as turns lock them."""
    rows = sa.select(chats.c.id, chats.c.ref).where(chats.c.id > chat_id, chats.c.data_key.is_not(None))
    return rows.order_by(chats.c.id).limit(CHUNK).with_for_update()
