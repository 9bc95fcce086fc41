"""What becomes of cases by the clock: late ones are marked, idle ones go back, the place in the queue is told."""

from __future__ import annotations

import datetime as dt

from bot.app import Jamin
from bot.clock import Clock
from bot.times import read_moment
from conversations.cases import CAPACITY
from conversations.messages import Incoming, StaffSaid, Text
from storage.cases import Case, queue
from storage.cases.acts import claim
from storage.cases.events import of_case
from storage.operators import Operator, keep_operator
from tests.shell.worker import Worker

MINUTE = 60.0


async def _until(worker: Worker, clock: Clock, moment: str) -> None:
    """Let time pass up to a moment in Jakarta."""
    await worker.wait((read_moment(moment) - clock()).total_seconds())


async def _case(jamin: Jamin) -> Case:
    async with jamin.database.read() as connection:
        return (await queue(connection, jamin.keys))[0]


async def _kinds(jamin: Jamin, case: Case) -> list[str]:
    async with jamin.database.read() as connection:
        return [event.kind for event in await of_case(connection, case.number)]


async def test_a_late_answer_is_marked_once_in_opening_hours(jamin: Jamin, clock: Clock, worker: Worker) -> None:
    """A case opened on a Saturday is late only when its priority's time has run out on Monday, and is marked once."""
    await worker.say(Text("petugas"))
    case = await _case(jamin)
    for moment, late in (("2026-11-23T11:59", False), ("2026-11-23T12:01", True), ("2026-11-23T14:00", True)):
        await _until(worker, clock, moment)
        await jamin.jobs.look_after_cases()
        assert ("overdue" in await _kinds(jamin, case)) is late
    assert (await _kinds(jamin, case)).count("overdue") == 1


async def test_who_was_answered_in_time_is_not_late(jamin: Jamin, clock: Clock, worker: Worker) -> None:
    """Once staff wrote the clock of the first answer stands still."""
    await worker.say(Text("petugas"))
    case = await _case(jamin)
    await jamin.turns.take(Incoming(worker.address, "desk", StaffSaid(case.id, "Sari", "Halo, Kak.", "sari")))
    await _until(worker, clock, "2026-11-24T12:00")
    await jamin.jobs.look_after_cases()
    assert "overdue" not in await _kinds(jamin, case)


async def test_an_idle_case_goes_back_while_somebody_is_there(jamin: Jamin, clock: Clock, worker: Worker) -> None:
    """A claimed case left idle goes back to the queue, but not in the night, when nobody could take it."""
    await worker.say(Text("petugas"))
    case = await _case(jamin)
    async with jamin.database.write() as connection:
        await keep_operator(connection, Operator("sari", "sari", "", "operator", must_change=False), clock())
        await claim(connection, case.id, "sari", clock(), CAPACITY)
    await _until(worker, clock, "2026-11-22T22:00")
    await jamin.jobs.look_after_cases()
    assert (await _case(jamin)).operator_id == "sari"
    await _until(worker, clock, "2026-11-23T08:00")
    await jamin.jobs.look_after_cases()
    assert (await _case(jamin)).operator_id is None
    assert (await _kinds(jamin, case))[-1] == "idle"


async def test_the_place_in_the_queue_is_told(jamin: Jamin, clock: Clock) -> None:
    """Who calls for staff hears how many wait before them."""
    first, second = Worker(jamin, clock, "first"), Worker(jamin, clock, "second")
    await _until(first, clock, "2026-11-23T09:00")
    assert "paling depan" in await first.say(Text("petugas"))
    assert "Ada 1 orang di depan Kakak" in await second.say(Text("petugas"))
    assert (await _case(jamin)).opened_at <= clock() < read_moment("2026-11-23T09:00") + dt.timedelta(hours=1)
