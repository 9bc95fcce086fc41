"""Once a day the backend is asked for what we were not told: a webhook may be lost, a week may be spent offline.

Two questions: which events came after the last we took, and what became of enrolments that nobody told the outcome of.
What was heard before is known again, by the event's id or by the core, so asking twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterator

import structlog

from bot.backend import Backend
from bot.backend.errors import BackendError
from bot.backend.shapes import EnrolmentState
from bot.backend_news import BackendNews
from bot.turns import BusyError, Clock, Taken
from conversations.messages import BillPaid, EnrolmentAnswered, Incoming, What
from storage.cursors import Cursor, keep_cursor, read_cursor
from storage.database import Database
from storage.enrolments import Owner, without_outcome
from storage.sealing import KeyRing

EVERY = dt.timedelta(days=1)
PATIENCE = dt.timedelta(days=1)
"""How long an enrolment may be without an outcome before the backend is asked for it."""
MOST_ASKED = 500
"""Enrolments asked about in one round; the rest waits for the next."""
CURSOR = "backend events"

log = structlog.get_logger(__name__)

Take = Callable[[Incoming], Awaitable[Taken]]


class Reconciliation:
    """Asks one backend; a fault ends the round, and the next one goes on where it stopped."""

    def __init__(self, database: Database, keys: KeyRing, backend: Backend, take: Take, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._backend = backend
        self._take = take
        self._clock = clock
        self._news = BackendNews(database, keys, take)

    async def round(self) -> None:
        """Ask, if the last time is a day ago."""
        now = self._clock()
        async with self._database.read() as connection:
            cursor = await read_cursor(connection, CURSOR)
        if now - cursor.at < EVERY:
            return
        try:
            await self._missed_events(cursor)
            await self._missed_outcomes(now)
        except BackendError as error:
            log.warning("reconciliation_failed", error=type(error).__name__, setting="JAMIN_BACKEND_URL")
        except BusyError:
            log.info("reconciliation_waits")

    async def _missed_events(self, cursor: Cursor) -> None:
        """Take every event after the last one; the moment is kept only once there are no more."""
        while events := await self._backend.events(cursor.position):
            for event in events:
                await self._news.take(event)
            cursor = cursor._replace(position=events[-1].sequence)
            await self._keep(cursor)
        await self._keep(cursor._replace(at=self._clock()))

    async def _keep(self, cursor: Cursor) -> None:
        async with self._database.write() as connection:
            await keep_cursor(connection, CURSOR, cursor)

    async def _missed_outcomes(self, now: dt.datetime) -> None:
        async with self._database.read() as connection:
            waiting = await without_outcome(connection, self._keys, now - PATIENCE, MOST_ASKED)
        for reference, owner in waiting:
            state = await self._backend.enrolment(reference)
            for what, name in told_by(state, owner) if state else ():
                await self._take(Incoming(owner.address, f"state {reference} {name}", what))


def told_by(state: EnrolmentState, owner: Owner) -> Iterator[tuple[What, str]]:
    """Yield what an enrolment's state tells its chat, each with a name that is the same whenever it is told."""
    if state.status == "waiting":
        return
    bill = next((held.bill for held in state.bills if held.status == "open"), None)
    yield (
        EnrolmentAnswered(owner.person, state.reference, state.status, state.kpj, bill, state.reason),
        state.status,
    )
    for held in state.bills:
        if held.paid_at is not None:
            code, first, months = held.bill.code, held.bill.first, held.bill.months
            yield BillPaid(owner.person, state.reference, code, first, months, held.paid_at), f"paid {code}"
