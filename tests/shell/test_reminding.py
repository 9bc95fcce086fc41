"""Reminders in the whole program: planned, told once, checked again, and never to who paid or declined."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
import sqlalchemy as sa

from bot.app import Jamin
from bot.clock import Clock
from bot.outbox import RefusedError
from bot.reminding import Limits, Rechecking, Reminding, sort_out
from bot.times import read_moment
from conversations.messages import (
    Address,
    BillPaid,
    CameBack,
    Incoming,
    Left,
    Message,
    Text,
)
from conversations.months import Month
from storage.deliveries import Delivery
from storage.enrolments import enrolments_of
from storage.reminders import LANE, Due, Planned, effect_in
from storage.tables import outbox, reminders
from tests.shell.worker import Worker

DECEMBER = Month(2026, 12)


async def enrolled_and_paid(worker: Worker, *, remind: str) -> None:
    """Go from hello to a recorded payment."""
    await worker.answer_until("remind")
    await worker.tap(remind)
    await worker.tap("simulate")


async def until(worker: Worker, clock: Clock, moment: str) -> str:
    """Wait until a moment in Jakarta; return what was said."""
    return await worker.wait((read_moment(moment) - clock()).total_seconds())


async def rows(jamin: Jamin, state: str) -> dict[str, str]:
    """The reminders in a state: moment and reason."""
    async with jamin.database.read() as connection:
        found = await connection.execute(
            sa.select(reminders.c.moment, reminders.c.reason).where(reminders.c.state == state)
        )
        return {row.moment: row.reason for row in found}


async def reference_of(jamin: Jamin) -> str:
    """The reference of the only enrolment."""
    async with jamin.database.read() as connection:
        [enrolment] = await enrolments_of(connection, 1)
    return enrolment.id


class TestTelling:
    """Who is told, when and how often."""

    async def test_who_agreed_and_has_not_paid_is_reminded_once(self, clock: Clock, worker: Worker) -> None:
        """Before the due day a member who agreed hears of the unpaid month, once however often we look."""
        await enrolled_and_paid(worker, remind="yes")
        assert "Desember 2026" in await until(worker, clock, "2026-12-10T11:00")
        assert await worker.wait(7200) == ""

    async def test_everybody_who_agreed_is_reminded(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """One member's answer says nothing about another's."""
        others = [Worker(jamin, clock, name) for name in ("budi", "wati")]
        await enrolled_and_paid(worker, remind="yes")
        await others[0].answer_until("remind", nik=Text("3273011708900002"))
        await others[0].tap("no")
        await others[1].answer_until("remind", nik=Text("3273011708900003"))
        await others[1].tap("yes")
        clock.set(read_moment("2026-12-10T11:00"))
        await jamin.jobs.round()
        said = [[message.text for message in await one.chat.news()] for one in (worker, *others)]
        assert [any("Desember 2026" in text for text in texts) for texts in said] == [True, False, True]

    async def test_nobody_is_reminded_at_night(self, clock: Clock, worker: Worker) -> None:
        """At night nothing is said; the morning after it is."""
        await enrolled_and_paid(worker, remind="yes")
        assert await until(worker, clock, "2026-12-10T03:00") == ""
        assert "Desember 2026" in await worker.wait(8 * 3600)

    async def test_a_month_has_three_nudges_at_most_before_the_last(self, clock: Clock, worker: Worker) -> None:
        """Before the due day, on it, after it; each says how things stand that day."""
        await enrolled_and_paid(worker, remind="yes")
        said = [await until(worker, clock, f"2026-12-{day}T11:00") for day in (10, 13, 15, 17, 18, 28)]
        assert [bool(words) for words in said] == [True, False, True, False, True, False]
        assert "hari terakhir" in said[2]
        assert "tanpa denda" in said[4]

    async def test_the_last_notice_comes_before_the_lapse(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """In the last month that saves the membership the member hears so; after the lapse nothing more."""
        await enrolled_and_paid(worker, remind="yes")
        await until(worker, clock, "2027-02-05T12:00")
        for _ in range(2):  # The first words after a while are met by the question for the birth date.
            await worker.say(Text("17 Agustus 1990"))
        await until(worker, clock, "2027-02-23T12:00")
        assert "nonaktif mulai Maret 2027" in "\n".join(message.text for message in worker.heard[-2:])
        for _ in range(6):
            assert await worker.wait(7 * 86_400.0) == ""

    async def test_who_left_is_reminded_only_after_coming_back(
        self, jamin: Jamin, clock: Clock, worker: Worker
    ) -> None:
        """Who blocked us is not written to; who came back is reminded then."""
        await enrolled_and_paid(worker, remind="yes")
        await jamin.turns.take(Incoming(worker.address, "left", Left()))
        assert await until(worker, clock, "2026-12-10T09:00") == ""
        await jamin.turns.take(Incoming(worker.address, "back", CameBack()))
        assert "Desember 2026" in await worker.wait(7200)

    async def test_who_declined_is_left_alone(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """Who said no gets none, and who says so later gets none from then on."""
        await enrolled_and_paid(worker, remind="no")
        assert await until(worker, clock, "2026-12-10T11:00") == ""
        assert await rows(jamin, "planned") == {}

    async def test_who_says_stop_hears_no_more(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """A tap ends reminders that were planned already."""
        await enrolled_and_paid(worker, remind="yes")
        await until(worker, clock, "2026-12-10T11:00")
        await worker.tap("remind_stop/1")
        assert await until(worker, clock, "2026-12-15T11:00") == ""
        assert "unwanted" in (await rows(jamin, "dropped")).values()

    async def test_who_pays_hears_no_more(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """After the payment what was planned comes to nothing."""
        await enrolled_and_paid(worker, remind="yes")
        await until(worker, clock, "2026-12-10T11:00")
        paid = BillPaid(1, await reference_of(jamin), "LUNAS", DECEMBER, 1, clock())
        await jamin.turns.take(Incoming(worker.address, "paid", paid))
        await worker.chat.news()
        assert await until(worker, clock, "2026-12-15T11:00") == ""

    async def test_tomorrow_is_a_tap(self, clock: Clock, worker: Worker) -> None:
        """Who asks for tomorrow is reminded tomorrow morning, besides what was planned."""
        await enrolled_and_paid(worker, remind="yes")
        await until(worker, clock, "2026-12-10T11:00")
        assert "besok" in await worker.tap("remind_tomorrow/1")
        assert "Desember 2026" in await until(worker, clock, "2026-12-11T11:10")

    async def test_a_payday_is_kept(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """A day of the month that is named takes the place of ours."""
        await enrolled_and_paid(worker, remind="yes")
        assert "tanggal 5" in (await worker.say(Text("tiap tanggal 5 setelah setoran"))).lower()
        assert "Desember 2026" in await until(worker, clock, "2026-12-05T11:00")
        assert await until(worker, clock, "2026-12-10T11:00") == ""


class TestOnce:
    """However many processes, each reminder is one."""

    async def test_two_processes_make_one_reminder(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """Two processes that plan and tell at the same moment say it once."""
        await enrolled_and_paid(worker, remind="yes")
        clock.set(read_moment("2026-12-10T11:00"))
        both = [Reminding(jamin.database, jamin.keys, jamin.turns.take, clock, Limits()) for _ in range(2)]
        await asyncio.gather(*(one.round() for one in both))
        said = [message.text for message in await worker.chat.news()]
        assert len([text for text in said if "Desember 2026" in text]) == 1

    async def test_a_restart_between_telling_and_noting_repeats_nothing(
        self, jamin: Jamin, clock: Clock, worker: Worker
    ) -> None:
        """A row that was told, but never noted as told, is known again by its key."""
        await enrolled_and_paid(worker, remind="yes")
        await until(worker, clock, "2026-12-10T11:00")
        async with jamin.database.write() as connection:
            await connection.execute(sa.update(reminders).values(state="planned", told_at=None))
        assert await worker.wait(60) == ""


class Noting:
    """A sender that notes what it is given."""

    def __init__(self) -> None:
        self.sent: list[Delivery] = []

    async def send(self, delivery: Delivery) -> None:
        """Note it."""
        self.sent.append(delivery)


class TestSending:
    """A reminder is looked at once more when it is sent."""

    async def queued(self, jamin: Jamin, clock: Clock, worker: Worker) -> Delivery:
        """Enrol over a messenger's address, and give the reminder as it waits in the outbox."""
        await enrolled_and_paid(worker, remind="yes")
        clock.set(read_moment("2026-12-10T11:00"))
        await jamin.jobs.round()
        async with jamin.database.read() as connection:
            row = (await connection.execute(sa.select(outbox).where(outbox.c.lane == LANE))).one()
        return Delivery(
            *(row.chat_id, row.line, row.lane, "telegram", "b", row.order_key, 1, worker.address, row.idempotency),
            Message("ingat"),
            clock(),
        )

    async def test_it_goes_while_it_is_wanted(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """Nothing paid, nothing declined: it is sent."""
        delivery, inner = await self.queued(jamin, clock, worker), Noting()
        await Rechecking(inner, jamin.database, clock).send(delivery)
        assert inner.sent == [delivery]

    async def test_it_stays_once_the_month_is_paid(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """A payment between the telling and the sending keeps it back, and it counts as never told."""
        delivery, inner = await self.queued(jamin, clock, worker), Noting()
        paid = BillPaid(1, await reference_of(jamin), "LUNAS", DECEMBER, 1, clock())
        await jamin.turns.take(Incoming(worker.address, "paid", paid))
        await Rechecking(inner, jamin.database, clock).send(delivery)
        assert inner.sent == []
        assert (await rows(jamin, "dropped"))["ahead"] == "unwanted"

    async def test_it_waits_for_the_morning(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """One that comes to be sent at night is refused until eight."""
        delivery, inner = await self.queued(jamin, clock, worker), Noting()
        clock.set(read_moment("2026-12-10T21:00"))
        with pytest.raises(RefusedError) as refused:
            await Rechecking(inner, jamin.database, clock).send(delivery)
        assert 10.9 * 3600 < refused.value.retry_after <= 11 * 3600
        assert inner.sent == []


def due(key: str, *, chat: int = 1, moment: str = "due", told: int = 0, channel: str = "telegram") -> Due:
    """A due reminder."""
    enrolment = key.partition("/")[0]
    planned = Planned(key, enrolment, chat, 1, "2026-12", moment, False, dt.datetime(2026, 12, 15, 2, tzinfo=dt.UTC))
    return Due(planned, Address(channel, "b", str(chat)), "3273", told)


class TestLimits:
    """What becomes of due reminders."""

    NOON = dt.datetime(2026, 12, 15, 5, tzinfo=dt.UTC)

    def test_one_at_a_time(self) -> None:
        """A member hears the latest of several, a family one after the other."""
        found = sort_out([due("a/1"), due("a/2"), due("b/1"), due("c/1", chat=2)], self.NOON, Limits(), 0)
        assert [one.planned.key for one in found.told] == ["a/2", "c/1"]
        assert found.dropped == {"overtaken": ["a/1"]}
        assert found.later == {}

    def test_the_cap_spares_what_was_asked_for_and_the_last_notice(self) -> None:
        """At the cap nudges are left out, but not tomorrow's, which was promised, nor the last."""
        moments = ("late", "tomorrow", "last")
        asked = [due(f"{moment}/1", chat=n, moment=moment, told=4) for n, moment in enumerate(moments)]
        found = sort_out(asked, self.NOON, Limits(a_month=4), 0)
        assert [one.planned.moment for one in found.told] == ["tomorrow", "last"]
        assert found.dropped == {"capped": ["late/1"]}

    def test_the_budget_stops_what_costs(self) -> None:
        """What the budget cannot pay waits for another day; where messages are free it plays no part."""
        costs = [due("a/1", channel="whatsapp"), due("b/1", chat=2, channel="whatsapp"), due("c/1", chat=3)]
        limits = Limits(budget=1_000, prices={"payment_due": 350})
        found = sort_out(costs, self.NOON, limits, 400)
        assert [one.planned.key for one in found.told] == ["a/1", "c/1"]
        assert list(found.later) == ["b/1"]


async def test_the_office_sees_what_reminders_change(jamin: Jamin, clock: Clock, worker: Worker) -> None:
    """For each share it is counted how many were reminded, how often, and how many paid."""
    await enrolled_and_paid(worker, remind="yes")
    await until(worker, clock, "2026-12-10T11:00")
    async with jamin.database.read() as connection:
        assert [effect[:4] for effect in await effect_in(connection, DECEMBER)] == [(False, 1, 1, 0)]
