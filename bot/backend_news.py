"""What the backend tells, however it was heard: each event one incoming of the chat it is about, taken once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.backend.shapes import Accepted, AnyEvent, Expired, Issued, Paid, Refused
from bot.turns import Taken
from conversations.messages import BillExpired, BillIssued, BillPaid, EnrolmentAnswered, Incoming, What
from storage.database import Database
from storage.enrolments import owner_of
from storage.sealing import KeyRing

log = structlog.get_logger(__name__)

Take = Callable[[Incoming], Awaitable[Taken]]


class BackendNews:
    """Takes events to the chats they are about; an event's id is its incoming's, so the second hearing changes
    nothing."""

    def __init__(self, database: Database, keys: KeyRing, take: Take) -> None:
        self._database = database
        self._keys = keys
        self._take = take

    async def take(self, event: AnyEvent) -> None:
        """Take one event; returns after the commit.

        Raises:
            BusyError: too much is waiting.
        """
        async with self._database.read() as connection:
            owner = await owner_of(connection, self._keys, event.enrolment)
        if owner is None:
            # An enrolment of nobody we know: erased since, or another installation's. Telling again would not help.
            log.warning("news_for_nobody", kind=type(event).__name__)
            return
        await self._take(Incoming(owner.address, f"event {event.id}", told(event, owner.person)))


def told(event: AnyEvent, person: int) -> What:
    """Give an event as the incoming of one person's chat."""
    return TOLD[type(event)](event, person)


def _paid(event: Paid, person: int) -> BillPaid:
    bill = event.bill
    return BillPaid(person, event.enrolment, bill.code, bill.first, bill.months, event.paid_at, event.receipt)


TOLD: dict[type, Callable[[Any, int], What]] = {
    Accepted: lambda e, person: EnrolmentAnswered(person, e.enrolment, "accepted", e.kpj, e.bill),
    Refused: lambda e, person: EnrolmentAnswered(person, e.enrolment, "refused", reason=e.reason),
    Issued: lambda e, person: BillIssued(person, e.enrolment, e.bill),
    Paid: _paid,
    Expired: lambda e, person: BillExpired(person, e.enrolment, e.bill.code),
}
