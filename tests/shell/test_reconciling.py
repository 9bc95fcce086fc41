"""Asking the backend once a day for what we were not told."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bot.app import Jamin
from bot.backend.errors import BackendUnavailable
from bot.backend.manual import ManualBackend
from bot.backend.reference.faults import Faults
from bot.backend.reference.office import OFFICE
from bot.backend.shapes import AnyEvent, BillState, EnrolmentState, Paid
from bot.clock import Clock
from bot.reconciling import Reconciliation
from conversations.messages import Bill
from conversations.months import Month
from storage.cursors import Cursor, keep_cursor, read_cursor
from storage.enrolments import enrolments_of, months_paid
from storage.tables import EPOCH
from tests.shell.worker import Worker

DAY = 86_400.0
AT = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
BILL = Bill("CODE", 8_400, Month(2026, 11), 1, AT)


class Telling(ManualBackend):
    """A backend that tells what a test has it tell, and notes what it was asked."""

    def __init__(self) -> None:
        self.told: list[AnyEvent] = []
        self.states: dict[str, EnrolmentState] = {}
        self.asked: list[int] = []
        self.down = False

    async def events(self, after: int) -> tuple[AnyEvent, ...]:
        """Return two events at a time."""
        if self.down:
            raise BackendUnavailable("503")
        self.asked.append(after)
        return tuple(event for event in self.told if event.sequence > after)[:2]

    async def enrolment(self, reference: str) -> EnrolmentState | None:
        """Return an enrolment's state."""
        return self.states.get(reference)


@pytest.fixture
def backend() -> Telling:
    """A backend with nothing to tell yet."""
    return Telling()


@pytest.fixture
def reconciliation(jamin: Jamin, backend: Telling, clock: Clock) -> Reconciliation:
    """The reconciliation with that backend."""
    return Reconciliation(jamin.database, jamin.keys, backend, jamin.turns.take, clock)


async def reference_of(jamin: Jamin) -> str:
    """The reference of the only enrolment."""
    async with jamin.database.read() as connection:
        [enrolment] = await enrolments_of(connection, 1)
    return enrolment.id


def payment(reference: str, sequence: int, month: Month) -> Paid:
    """A payment for one month."""
    bill = Bill(f"CODE{sequence}", 8_400, month, 1, AT)
    return Paid(f"e{sequence}", sequence, reference, AT, bill, AT)


async def has_asked(jamin: Jamin) -> bool:
    """Tell whether the running program has read the backend's news to the end."""
    async with jamin.database.read() as connection:
        return (await read_cursor(connection, "backend events")).at > EPOCH


async def forget_the_cursor(jamin: Jamin, clock: Clock) -> None:
    """Let the round of the running program, which asks its own backend as it starts, count as long ago."""
    async with asyncio.timeout(20):
        while not await has_asked(jamin):
            await asyncio.sleep(0.01)
    async with jamin.database.write() as connection:
        await keep_cursor(connection, "backend events", Cursor(0, clock() - dt.timedelta(days=2)))


async def test_missed_payments_are_taken_once_page_by_page(
    jamin: Jamin, backend: Telling, reconciliation: Reconciliation, clock: Clock, worker: Worker
) -> None:
    """Events we were not told are taken in order, one message each, and asking anew says nothing again."""
    await worker.answer_until("remind")
    await forget_the_cursor(jamin, clock)
    reference = await reference_of(jamin)
    backend.told = [payment(reference, n, Month(2026, 11).plus(n - 1)) for n in (1, 2, 3)]
    await reconciliation.round()
    assert backend.asked == [0, 2, 3]
    async with jamin.database.read() as connection:
        assert await months_paid(connection, reference) == ["2026-11", "2026-12", "2027-01"]
    assert len(await worker.chat.news()) == 3
    clock.forward(DAY)
    await reconciliation.round()
    assert backend.asked == [0, 2, 3, 3]
    assert await worker.chat.news() == []


async def test_the_backend_is_asked_once_a_day(
    jamin: Jamin, backend: Telling, reconciliation: Reconciliation, clock: Clock
) -> None:
    """Within a day nobody is asked again."""
    await forget_the_cursor(jamin, clock)
    for _ in range(3):
        await reconciliation.round()
        clock.forward(3600)
    assert backend.asked == [0]


async def test_a_backend_that_is_down_is_asked_in_the_next_round(
    jamin: Jamin, backend: Telling, reconciliation: Reconciliation, clock: Clock
) -> None:
    """A fault is no end of the day's asking: the next round asks from where the last one stopped."""
    await forget_the_cursor(jamin, clock)
    backend.down = True
    await reconciliation.round()
    backend.down = False
    await reconciliation.round()
    assert backend.asked == [0]


async def test_an_outcome_nobody_told_is_asked_for(
    jamin: Jamin, backend: Telling, reconciliation: Reconciliation, clock: Clock, worker: Worker
) -> None:
    """An enrolment that waited a day is asked about; acceptance and payment are told as if they had just come."""
    assert jamin.embedded is not None
    jamin.embedded[OFFICE].faults.set(Faults(async_outcome_s=3600))
    await worker.answer_until("member")
    reference = await reference_of(jamin)
    paid = BillState(BILL, "paid", AT)
    backend.states[reference] = EnrolmentState(reference, "accepted", "99000000001", bills=(paid,))
    clock.forward(2 * DAY)
    await forget_the_cursor(jamin, clock)
    await reconciliation.round()
    said = "\n".join(message.text for message in await worker.chat.news())
    assert "99000000001" in said
    assert "November 2026" in said
    clock.forward(2 * DAY)
    await reconciliation.round()
    assert await worker.chat.news() == []


async def test_a_cursor_never_goes_back(jamin: Jamin) -> None:
    """A slower process cannot take a cursor back to where it was."""
    async with jamin.database.write() as connection:
        await keep_cursor(connection, "n", Cursor(5, AT))
        await keep_cursor(connection, "n", Cursor(3, AT))
        assert await read_cursor(connection, "n") == Cursor(5, AT)
        assert await read_cursor(connection, "other") == Cursor()
