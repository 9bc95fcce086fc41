"""What happens by itself: waiting orders are decided, bills expire, webhooks are delivered until they are taken.

All of it is read from the file, so a process killed at any moment goes on where it stopped when it starts again.
"""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from typing import NamedTuple

import aiohttp
import structlog

from bot.backend.reference import bills, enrolments
from bot.backend.reference.office import Office
from bot.backend.webhooks import EVENT_HEADER, SIGNATURE_HEADER, sign

log = structlog.get_logger()

POLL = 0.25
"""Seconds between looks at the clock: it may be moved by hand."""

BATCH = 20
"""Webhooks under way at once, one an enrolment."""

PATIENCE = 100
"""Attempts (some seven hours) after which a webhook is given up; `GET /v1/events` still has the event."""

_TIMEOUT = aiohttp.ClientTimeout(total=10)
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 300.0


class Parcel(NamedTuple):
    """A webhook to deliver now; `attempts` have failed so far."""

    sequence: int
    id: str
    body: bytes
    attempts: int


class Courier:
    """The one task of a running reference backend."""

    def __init__(self, office: Office, session: aiohttp.ClientSession) -> None:
        self._office = office
        self._session = session

    async def run(self) -> None:
        """Do what is due, for ever; a fault costs one round."""
        while True:
            self._office.database.changed.clear()
            try:
                carried = await self._round()
            except Exception as error:
                log.error("reference_courier_failed", error=type(error).__name__)  # noqa: TRY400 - no traceback: it may show data
                carried = 0
            if not carried:
                await self._rest()

    async def _round(self) -> int:
        await self._settle()
        parcels = await self._due()
        await asyncio.gather(*(self._carry(parcel) for parcel in parcels))
        return len(parcels)

    async def _settle(self) -> None:
        async with self._office.books() as books:
            await enrolments.decide_due(books)
            await bills.expire_due(books)

    async def _rest(self) -> None:
        # Not wait_for: on 3.11 it may swallow the cancellation that ends this task.
        with suppress(TimeoutError):
            async with asyncio.timeout(POLL):
                await self._office.database.changed.wait()

    async def _due(self) -> list[Parcel]:
        """Return the webhooks due now, an enrolment's next only once its last was taken."""
        if self._office.webhook_url() is None:
            return []
        async with self._office.books() as books:
            rows = await books.all(
                "SELECT d.sequence, e.id, e.body, d.attempts FROM deliveries d JOIN events e USING (sequence)"
                " WHERE d.due_at <= ? AND d.attempts < ? AND NOT EXISTS (SELECT 1 FROM deliveries earlier"
                " WHERE earlier.enrolment = d.enrolment AND earlier.sequence < d.sequence AND earlier.attempts < ?)"
                " ORDER BY d.sequence LIMIT ?",
                time.time(), PATIENCE, PATIENCE, BATCH,
            )  # fmt: skip
        return [Parcel(row["sequence"], row["id"], row["body"].encode(), row["attempts"]) for row in rows]

    async def _carry(self, parcel: Parcel) -> None:
        """Deliver a webhook and write down whether it was taken; a kill in between delivers it twice, never not."""
        taken = await self._attempt(parcel)
        async with self._office.books() as books:
            if taken:
                await books.run("DELETE FROM deliveries WHERE sequence = ?", parcel.sequence)
                return
            wait = min(_FIRST_WAIT * 2**parcel.attempts, _LONGEST_WAIT) * random.uniform(0.75, 1.25)  # noqa: S311
            await books.run(
                "UPDATE deliveries SET attempts = attempts + 1, due_at = ? WHERE sequence = ?",
                time.time() + wait, parcel.sequence,
            )  # fmt: skip

    async def _attempt(self, parcel: Parcel) -> bool:
        faults = self._office.faults
        if faults.now.webhook_delay_ms:
            faults.felt("webhook_delay_ms")
            await asyncio.sleep(faults.now.webhook_delay_ms / 1000)
        if faults.now.webhook_drop_first and parcel.attempts == 0:
            faults.felt("webhook_drop_first")
            return False
        taken = await self._send(parcel)
        if taken and faults.now.webhook_duplicate:
            faults.felt("webhook_duplicate")
            await self._send(parcel)
        return taken

    async def _send(self, parcel: Parcel) -> bool:
        url = self._office.webhook_url()
        if url is None:
            return False
        signature = sign(self._office.secret, parcel.body, self._office.clock())
        headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signature, EVENT_HEADER: parcel.id}
        try:
            async with self._session.post(
                url, data=parcel.body, headers=headers, timeout=_TIMEOUT, allow_redirects=False
            ) as answer:
                return 200 <= answer.status < 300
        except (aiohttp.ClientError, TimeoutError):
            return False
