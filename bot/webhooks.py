"""What the enrolment backend tells us unasked: signed events at `/webhooks/backend`, each one incoming."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import web

from bot.backend.errors import BadEvent, BadSignature
from bot.backend.shapes import Accepted, AnyEvent, Expired, Issued, Paid, Refused
from bot.backend.webhooks import SIGNATURE_HEADER, parse_event, verify
from bot.turns import BusyError, Clock, Taken
from conversations.messages import BillExpired, BillIssued, BillPaid, EnrolmentAnswered, Incoming, What
from storage.database import Database
from storage.enrolments import owner_of
from storage.sealing import KeyRing

LARGEST = 64 * 1024
"""Bytes of a webhook's body."""

log = structlog.get_logger(__name__)

Take = Callable[[Incoming], Awaitable[Taken]]


class BackendWebhooks:
    """Takes the backend's events. The 2xx goes out after the commit, so that the backend tells again what we lost."""

    def __init__(self, database: Database, keys: KeyRing, take: Take, secret: str, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._take = take
        self._secret = secret
        self._clock = clock

    async def receive(self, request: web.Request) -> web.Response:
        """Take one event: 204 once it is committed, 401 forged or too old, 400 malformed, 503 come again."""
        if (request.content_length or 0) > LARGEST:
            raise web.HTTPRequestEntityTooLarge(LARGEST, request.content_length or 0)
        body = await request.read()
        try:
            verify(self._secret, request.headers.get(SIGNATURE_HEADER), body, self._clock())
            event = parse_event(body)
        except BadSignature as error:
            log.warning("webhook_refused", reason=error.detail)
            return web.Response(status=401)
        except BadEvent:
            log.warning("webhook_malformed")
            return web.Response(status=400)
        return await self._taken(event)

    async def _taken(self, event: AnyEvent) -> web.Response:
        async with self._database.read() as connection:
            owner = await owner_of(connection, self._keys, event.enrolment)
        if owner is None:
            # An enrolment of nobody we know: erased since, or another installation's. Telling again would not help.
            log.warning("webhook_for_nobody", kind=type(event).__name__)
            return web.Response(status=204)
        try:
            await self._take(Incoming(owner.address, f"event {event.id}", told(event, owner.person)))
        except BusyError as busy:
            return web.Response(status=503, headers={"Retry-After": str(max(1, round(busy.retry_after)))})
        return web.Response(status=204)


def told(event: AnyEvent, person: int) -> What:
    """Give an event as the incoming of one person's chat."""
    return TOLD[type(event)](event, person)


TOLD: dict[type, Callable[[Any, int], What]] = {
    Accepted: lambda e, person: EnrolmentAnswered(person, e.enrolment, "accepted", e.kpj, e.bill),
    Refused: lambda e, person: EnrolmentAnswered(person, e.enrolment, "refused", reason=e.reason),
    Issued: lambda e, person: BillIssued(person, e.enrolment, e.bill),
    Paid: lambda e, person: BillPaid(person, e.enrolment, e.bill.code, e.bill.first, e.bill.months, e.paid_at),
    Expired: lambda e, person: BillExpired(person, e.enrolment, e.bill.code),
}
