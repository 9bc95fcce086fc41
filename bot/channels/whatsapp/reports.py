"""What WhatsApp tells of our messages: sent, delivered, read, failed. Written together, for there are three of each.

Nothing personal is in them: a report names a row by our own mark, and a failure has a code.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

import structlog

from bot.channels.whatsapp.sender import read_mark
from bot.channels.whatsapp.updates import FAILED, Report
from bot.turns import Clock
from storage.database import Database
from storage.deliveries import Reached, fail_later, note_reached

TOGETHER = 0.05
"""Seconds in which reports gather before they are written in one transaction."""

log = structlog.get_logger(__name__)


class _Failure(NamedTuple):
    chat_id: int
    line: int
    code: int


class Reports:
    """Writes reports. `note` returns once they are committed, so that WhatsApp tells again what we lost."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._gathered: list[Report] = []
        self._written: asyncio.Task[None] | None = None

    async def note(self, reports: Sequence[Report]) -> None:
        """Write these, with those of other postings of the same moment.

        Raises:
            Exception: they were not written.
        """
        if not reports:
            return
        self._gathered += reports
        if self._written is None:
            self._written = asyncio.create_task(self._write())
        await asyncio.shield(self._written)

    async def _write(self) -> None:
        await asyncio.sleep(TOGETHER)
        gathered, self._gathered, self._written = self._gathered, [], None
        reached, failures = _told_apart(gathered)
        if not reached and not failures:
            return
        async with self._database.write() as connection:
            await note_reached(connection, reached)
            for failure in sorted(failures):
                log.warning("delivery_failed_later", chat=failure.chat_id, line=failure.line, code=failure.code)
                error = f"WhatsApp {failure.code}"
                await fail_later(connection, failure.chat_id, failure.line, error, self._clock())


def _told_apart(reports: Sequence[Report]) -> tuple[list[Reached], set[_Failure]]:
    """Return how far whole replies came, and which failed, in part or whole; what names no row of ours is left out."""
    named = [(report, row) for report in reports if (row := read_mark(report.mark))]
    reached = [Reached(row.chat_id, row.line, r.how, r.at) for r, row in named if r.how != FAILED and row.is_last]
    failures = {_Failure(row.chat_id, row.line, r.code) for r, row in named if r.how == FAILED}
    return reached, failures
