"""What happens by the clock alone."""

from __future__ import annotations

import sqlalchemy as sa

from bot.app import Jamin
from bot.clock import Clock
from bot.times import read_moment
from conversations.messages import BillPaid, Incoming, Text
from conversations.months import Month
from conversations.retention import DRAFT_DAYS, MEMBER_DAYS
from storage.enrolments import enrolments_of
from storage.tables import people
from storage.transcript import lines_after
from tests.shell.worker import Worker

DAY = 86_400.0


async def enrolled_and_paid(worker: Worker, *, remind: str) -> None:
    """Go from hello to a recorded payment."""
    await worker.answer_until("remind")
    await worker.tap(remind)
    await worker.tap("simulate")


class TestDrafts:
    """What was never handed on."""

    async def test_a_draft_that_was_left_is_erased(self, jamin: Jamin, worker: Worker) -> None:
        """After the retention time nothing of an unfinished chat can be read, and nothing is said about it."""
        await worker.answer_until("phone")
        assert await worker.wait((DRAFT_DAYS + 1) * DAY) == ""
        async with jamin.database.read() as connection:
            assert await lines_after(connection, jamin.keys, worker.address) == []

    async def test_who_came_back_in_time_keeps_the_draft(self, worker: Worker) -> None:
        """Somebody who is here every few weeks goes on where they stopped."""
        await worker.answer_until("phone")
        await worker.wait(20 * DAY)
        await worker.say(Text("halo"))
        await worker.wait(80 * DAY)
        await worker.say(Text("halo"))
        await worker.say(Text("17-8-1990"))
        assert worker.last.step == "phone"

    async def test_what_was_handed_on_is_no_draft(self, jamin: Jamin, worker: Worker) -> None:
        """An enrolment stays, however long its chat is quiet."""
        await worker.answer_until("remind")
        await worker.wait((DRAFT_DAYS + 1) * DAY)
        async with jamin.database.read() as connection:
            assert await lines_after(connection, jamin.keys, worker.address) != []

    async def test_members_are_forgotten_long_after_their_cover(self, jamin: Jamin, worker: Worker) -> None:
        """Five years after the worker was last here and the last month that was paid, a member's chat is erased too;
        months paid since, by whomever, keep it."""
        await enrolled_and_paid(worker, remind="no")
        async with jamin.database.read() as connection:
            [enrolment] = await enrolments_of(connection, 1)
        await worker.wait(4 * 365 * DAY)
        year = BillPaid(1, enrolment.id, "YEAR", Month(2030, 12), 12, jamin.clock())
        await jamin.turns.take(Incoming(worker.address, "year", year))
        await worker.wait((MEMBER_DAYS - 4 * 365 + 2) * DAY)
        assert await still_there(jamin)
        await worker.wait((MEMBER_DAYS + 40) * DAY)
        assert not await still_there(jamin)


async def still_there(jamin: Jamin) -> bool:
    """Whether the one person's data can be opened."""
    async with jamin.database.read() as connection:
        return bool((await connection.execute(sa.select(people.c.data))).scalar())


class TestAnniversaries:
    """Whole years of cover."""

    async def test_a_year_without_a_gap_is_told_once(self, jamin: Jamin, clock: Clock, worker: Worker) -> None:
        """With the month that makes a year of months in a row a member who agreed hears of it, once."""
        await enrolled_and_paid(worker, remind="yes")
        async with jamin.database.read() as connection:
            [enrolment] = await enrolments_of(connection, 1)
        year = BillPaid(1, enrolment.id, "YEAR", Month(2026, 12), 12, clock())
        await jamin.turns.take(Incoming(worker.address, "year", year))
        await worker.chat.news()
        await worker.chat.at(read_moment("2027-11-01T06:00"))
        await worker.say(Text("17 Agustus 1990"))
        await worker.say(Text("17 Agustus 1990"))
        said = await worker.wait((read_moment("2027-11-05T09:00") - clock()).total_seconds())
        assert "genap 1 tahun" in said
        assert "genap" not in await worker.wait(3600)
