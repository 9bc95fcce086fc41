"""The reference backend's parts, put together once and handed to its handlers and to the courier."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from bot.backend.reference.books import Books
from bot.backend.reference.database import Database
from bot.backend.reference.faults import FaultBox


@dataclass
class Office:
    """What the composition root gave; `database` is open while the application runs."""

    path: Path
    secret: str
    clock: Callable[[], dt.datetime]
    public_url: Callable[[], str]
    webhook_url: Callable[[], str | None]
    faults: FaultBox
    database: Database = field(init=False)

    @asynccontextmanager
    async def books(self) -> AsyncIterator[Books]:
        """Open the books: everything done in the block is one transaction."""
        async with self.database.transaction() as tx:
            now = self.clock().astimezone(dt.UTC).replace(microsecond=0)
            yield Books(tx, now, self.public_url, self.secret)


OFFICE = web.AppKey("office", Office)
