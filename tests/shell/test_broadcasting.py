"""Broadcasts in the whole program: only to who agreed, each once, stopped and withdrawn at any time."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from bot.announcing import Announcing, UnknownBroadcastError
from bot.app import Jamin
from bot.clock import Clock
from bot.reminding import Rechecking
from conversations.audience import Audience, AudienceError
from conversations.messages import BillPaid, Incoming, Message, Text
from conversations.months import Month
from storage.deliveries import Delivery
from storage.enrolments import enrolments_of
from storage.tables import cases, outbox
from tests.shell.test_reminding import Noting
from tests.shell.worker import Worker

WORDS = "Ada gerai Jamin di Pasar Baru hari Sabtu."


async def who_agreed(jamin: Jamin, clock: Clock, worker: Worker, answer: str = "yes") -> None:
    """A member who was asked after the second payment."""
    await worker.answer_until("remind")
    await worker.tap("no")
    async with jamin.database.read() as connection:
        [enrolment] = await enrolments_of(connection, 1)
    for number, month in enumerate((Month(2026, 11), Month(2026, 12))):
        paid = BillPaid(1, enrolment.id, f"B{number}", month, 1, clock())
        await jamin.turns.take(Incoming(worker.address, f"paid {number}", paid))
    asked = (await worker.chat.news())[-1]
    assert asked.step == "news"
    worker.last = asked
    await worker.tap(answer)


@pytest.fixture
def desk(jamin: Jamin, clock: Clock) -> Announcing:
    """What the command uses."""
    return Announcing(jamin.database, clock, "Kantor Contoh")


async def sent(desk: Announcing, whom: Audience = Audience()) -> str:  # noqa: B008 - immutable.
    """Write a broadcast and have it sent now; its reference."""
    [reference] = await desk.add(WORDS, whom)
    await desk.schedule(reference, None)
    return reference


async def report(desk: Announcing, reference: str) -> dict[str, object]:
    """What came of a broadcast."""
    [line] = await desk.report(reference)
    found: dict[str, object] = json.loads(line)
    return found


async def test_who_agreed_is_told_once(jamin: Jamin, clock: Clock, worker: Worker, desk: Announcing) -> None:
    """The words come once, and a payment within the week counts as their outcome."""
    await who_agreed(jamin, clock, worker)
    reference = await sent(desk)
    assert WORDS in await worker.wait(60)
    assert await worker.wait(3600) == ""
    found = await report(desk, reference)
    assert (found["state"], found["told"], found["delivered"], found["read"], found["paid"]) == ("done", 1, 1, 0, 0)
    async with jamin.database.write() as connection:
        await connection.execute(sa.update(outbox).where(outbox.c.lane == "broadcast").values(read_at=clock()))
    assert (await report(desk, reference))["read"] == 1
    async with jamin.database.read() as connection:
        [enrolment] = await enrolments_of(connection, 1)
    paid = BillPaid(1, enrolment.id, "B3", Month(2027, 1), 1, clock())
    await jamin.turns.take(Incoming(worker.address, "paid 3", paid))
    assert (await report(desk, reference))["paid"] == 1


@pytest.mark.parametrize("how", ["no", "stop promo"])
async def test_who_said_no_is_left_alone(
    how: str, jamin: Jamin, clock: Clock, worker: Worker, desk: Announcing
) -> None:
    """A no at the question and a word at any time are respected."""
    await who_agreed(jamin, clock, worker, "no" if how == "no" else "yes")
    if how != "no":
        await worker.say(Text(how))
    reference = await sent(desk)
    assert await worker.wait(60) == ""
    assert (await report(desk, reference))["made"] == 0


async def test_a_test_goes_to_the_chat_that_staff_name(
    jamin: Jamin, clock: Clock, worker: Worker, desk: Announcing
) -> None:
    """It comes at once to that chat alone, counts nowhere, and the draft stays a draft."""
    await worker.answer_until("occupation")
    await worker.say(Text("petugas"))
    async with jamin.database.read() as connection:
        number = (await connection.execute(sa.select(cases.c.number))).scalar_one()
    [reference] = await desk.add(WORDS, Audience())
    await desk.test(reference, number)
    assert WORDS in await worker.wait(60)
    found = await report(desk, reference)
    assert (found["state"], found["made"], found["delivered"]) == ("draft", 0, 0)


async def test_what_is_stopped_is_kept_back_at_sending(
    jamin: Jamin, clock: Clock, worker: Worker, desk: Announcing
) -> None:
    """A row that waits to be sent when staff stop the broadcast does not go."""
    await who_agreed(jamin, clock, worker)
    reference = await sent(desk)
    await worker.wait(60)
    async with jamin.database.write() as connection:
        row = (await connection.execute(sa.select(outbox).where(outbox.c.lane == "broadcast"))).one()
        await connection.execute(sa.text("UPDATE broadcasts SET state = 'scheduled'"))
    await desk.stop(reference)
    inner = Noting()
    where = (row.chat_id, row.line, row.lane, "telegram", "b", row.order_key, 1, worker.address, row.idempotency)
    await Rechecking(inner, jamin.database, clock).send(Delivery(*where, Message("kabar"), clock()))
    assert inner.sent == []
    assert (await report(desk, reference))["left_out"] == 1


AUDIENCES = (
    (Audience("member", "3273", "ojek_online", "id"), 1),
    (Audience("paid"), 1),
    (Audience("unpaid"), 0),
    (Audience(area="32"), 1),
    (Audience(area="51"), 0),
    (Audience(occupation="farmer"), 0),
)
"""Audiences, and whether the rider from Bandung who paid is among them."""


async def test_an_audience_is_counted(jamin: Jamin, clock: Clock, worker: Worker, desk: Announcing) -> None:
    """A preview shows the words and how many chats they go to now."""
    await who_agreed(jamin, clock, worker)
    for whom, chats_found in AUDIENCES:
        [reference] = await desk.add(WORDS, whom)
        words, counted = await desk.preview(reference)
        assert WORDS in words
        assert json.loads(counted) == {"chats": chats_found}


@pytest.mark.parametrize(
    ("option", "asked"),
    [("--standing", {"standing": "rich"}), ("--area", {"area": "3"}), ("--occupation", {"occupation": "king"})],
)
def test_an_audience_that_is_none_is_refused(option: str, asked: dict[str, str]) -> None:
    """The message names the option."""
    with pytest.raises(AudienceError, match=option):
        Audience(**asked)


async def test_an_unknown_broadcast_is_told(desk: Announcing) -> None:
    """A wrong reference says where the right ones are."""
    for wish in (desk.preview("x"), desk.report("x"), desk.stop("x"), desk.schedule("x", None), desk.test("x", 1)):
        with pytest.raises(UnknownBroadcastError, match="broadcasts list"):
            await wish
