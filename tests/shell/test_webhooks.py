"""What the backend tells us unasked."""

from __future__ import annotations

import datetime as dt

import aiohttp
import pytest

from bot.app import Jamin
from bot.backend import codec
from bot.backend.shapes import Accepted, AnyEvent, Expired, Issued, Paid, Refused
from bot.backend.webhooks import SIGNATURE_HEADER, sign
from bot.backend_news import told
from bot.clock import Clock
from conversations.messages import Bill, BillExpired, BillIssued, BillPaid, EnrolmentAnswered, What
from conversations.months import Month
from storage.enrolments import enrolments_of, months_paid
from tests.shell.worker import Worker

AT = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
BILL = Bill("CODE", 8_400, Month(2026, 11), 1, AT)


@pytest.mark.parametrize(
    ("event", "incoming"),
    [
        (Accepted("e", 1, "r", AT, "123", BILL), EnrolmentAnswered(2, "r", "accepted", "123", BILL)),
        (Refused("e", 1, "r", AT, "age"), EnrolmentAnswered(2, "r", "refused", reason="age")),
        (Issued("e", 1, "r", AT, BILL), BillIssued(2, "r", BILL)),
        (Paid("e", 1, "r", AT, BILL, AT), BillPaid(2, "r", "CODE", Month(2026, 11), 1, AT)),
        (Expired("e", 1, "r", AT, BILL), BillExpired(2, "r", "CODE")),
    ],
)
def test_each_event_becomes_one_incoming(event: AnyEvent, incoming: What) -> None:
    """Every kind of event is told to the chat of its person."""
    assert told(event, 2) == incoming


async def post(jamin: Jamin, body: bytes, header: str) -> int:
    """Post a webhook: the status."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{jamin.root}/webhooks/backend", data=body, headers={SIGNATURE_HEADER: header}) as answer,
    ):
        return answer.status


async def paid_event(jamin: Jamin, clock: Clock, event_id: str) -> tuple[str, bytes]:
    """An event that says the only enrolment was paid, with its reference."""
    async with jamin.database.read() as connection:
        [enrolment] = await enrolments_of(connection, 1)
    at = clock().replace(microsecond=0)
    return enrolment.id, codec.encode(Paid(event_id, 1, enrolment.id, at, BILL, at))


class TestTheDoor:
    """`/webhooks/backend`."""

    async def test_a_payment_is_recorded_once(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """The same event told three times is one payment and one message."""
        await worker.answer_until("remind")
        reference, body = await paid_event(jamin, clock, "e1")
        header = sign(jamin.settings.backend_secret, body, clock())
        assert [await post(jamin, body, header) for _ in range(3)] == [204, 204, 204]
        async with jamin.database.read() as connection:
            assert await months_paid(connection, reference) == ["2026-11"]
        assert len(await worker.chat.news()) == 1

    async def test_a_forged_signature_changes_nothing(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """An event signed with another secret is refused."""
        await worker.answer_until("remind")
        reference, body = await paid_event(jamin, clock, "e1")
        assert await post(jamin, body, sign("another secret", body, clock())) == 401
        async with jamin.database.read() as connection:
            assert await months_paid(connection, reference) == []

    async def test_a_replayed_webhook_is_refused(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """A recorded event played again later is refused."""
        await worker.answer_until("remind")
        _, body = await paid_event(jamin, clock, "e1")
        old = sign(jamin.settings.backend_secret, body, clock() - dt.timedelta(hours=1))
        assert await post(jamin, body, old) == 401

    async def test_a_signed_body_that_is_no_event_is_malformed(self, jamin: Jamin, clock: Clock) -> None:
        """What the contract does not know is a 400, never a 500."""
        body = b'{"kind": "surprise"}'
        assert await post(jamin, body, sign(jamin.settings.backend_secret, body, clock())) == 400

    async def test_an_enrolment_of_nobody_is_taken_and_dropped(self, jamin: Jamin, clock: Clock) -> None:
        """An event about somebody erased is acknowledged, since telling it again would not help."""
        event = Paid("e9", 1, "6f0f6a3e-6f3b-4c0a-9a0e-1f6d2b1c7a55", AT, BILL, AT)
        body = codec.encode(event)
        assert await post(jamin, body, sign(jamin.settings.backend_secret, body, clock())) == 204
