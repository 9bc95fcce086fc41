"""What one transaction of the reference backend needs at hand."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

import aiosqlite

from conversations.months import Month


class Refusal(Exception):  # noqa: N818 - an answer, not a fault
    """A request the reference backend answers with a problem: an HTTP status and a code of the contract.

    `where` names the place in the body that is wrong, never what stands there; `retry_after` is in seconds.
    """

    def __init__(self, status: int, code: str, *, where: str = "", retry_after: int | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.where = where
        self.retry_after = retry_after


@dataclass(frozen=True)
class Books:
    """The open transaction, the moment it happens at (UTC), where bills are paid and the secret that keys digests."""

    tx: aiosqlite.Connection
    now: dt.datetime
    public_url: Callable[[], str]
    secret: str

    @property
    def month(self) -> Month:
        """The contribution month it is now."""
        return Month.of(self.now)

    def digest(self, text: str) -> str:
        """Return a keyed digest: finds the same text again, tells nothing of it without the secret."""
        return hmac.new(self.secret.encode(), b"digest:" + text.encode(), hashlib.sha256).hexdigest()

    async def one(self, sql: str, *values: object) -> aiosqlite.Row | None:
        """Return the first row of a query."""
        async with self.tx.execute(sql, values) as cursor:
            return await cursor.fetchone()

    async def sole(self, sql: str, *values: object) -> aiosqlite.Row:
        """Return the row that a query must find.

        Raises:
            LookupError: it finds none.
        """
        row = await self.one(sql, *values)
        if row is None:
            raise LookupError("a row that must be there is not")
        return row

    async def all(self, sql: str, *values: object) -> list[aiosqlite.Row]:
        """Return every row of a query."""
        async with self.tx.execute(sql, values) as cursor:
            return list(await cursor.fetchall())

    async def run(self, sql: str, *values: object) -> None:
        """Change rows."""
        await self.tx.execute(sql, values)


def mask(name: str) -> str:
    """Return a name with only its initials: "Budi Santoso" becomes "B*** S******"."""
    return " ".join(word[0] + "*" * (len(word) - 1) for word in name.split())


def moment(seconds: float) -> dt.datetime:
    """Return a stored moment as an aware one in UTC."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
