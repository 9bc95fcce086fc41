"""What Prometheus is told: what happened, what waits, and nothing about anybody."""

from __future__ import annotations

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.app import Jamin
from bot.clock import Clock
from bot.metrics import SILENT_AFTER, SLOW_KEPT
from conversations.messages import Text
from tests.shell.worker import ANSWERS, Worker

Scraped = dict[tuple[str, tuple[str, ...]], float]


async def scrape(jamin: Jamin) -> Scraped:
    """Read `/metrics`: each of our samples by its name and the values of its labels."""
    async with aiohttp.ClientSession() as session, session.get(jamin.root + "/metrics") as answer:
        text = await answer.text()
    families = text_string_to_metric_families(text)
    samples = [sample for family in families for sample in family.samples if sample.name.startswith("jamin_")]
    return {(sample.name, tuple(sample.labels.values())): sample.value for sample in samples}


async def test_what_happened_is_counted(jamin: Jamin, worker: Worker) -> None:
    """Turns are counted by outcome, batches by size, sendings by channel, kind and outcome."""
    await worker.answer_until("remind")
    told = await scrape(jamin)
    assert told["jamin_turns_total", ("answered",)] >= 10
    assert told["jamin_batch_size_count", ()] == told["jamin_commit_seconds_count", ()] >= 10
    assert told["jamin_send_seconds_count", ("backend", "SubmitEnrolment", "done")] == 1
    assert told["jamin_queue_waiting", ()] == told["jamin_queue_age_seconds", ()] == 0


async def test_what_waits_is_told(jamin: Jamin, worker: Worker, clock: Clock) -> None:
    """Open cases show with their age, enrolments with their state, chats with the step they stopped at."""
    await worker.answer_until("income")
    await worker.say(Text("petugas"))
    clock.forward(SILENT_AFTER.total_seconds() + 60)
    told = await scrape(jamin)
    assert told["jamin_cases_waiting", ("asked",)] == 1
    assert told["jamin_cases_age_seconds", ("asked",)] == pytest.approx(SILENT_AFTER.total_seconds() + 60, abs=60)
    assert told["jamin_chats_stopped", ("enrolment", "income")] == 1


async def test_what_walks_tables_is_asked_for_seldom(jamin: Jamin, worker: Worker, clock: Clock) -> None:
    """Where people stop is kept for minutes, however often somebody scrapes."""
    await scrape(jamin)
    await worker.answer_until("remind")
    clock.forward(60)
    assert ("jamin_enrolments", ("accepted",)) not in await scrape(jamin)
    clock.forward(SLOW_KEPT.total_seconds())
    assert (await scrape(jamin))["jamin_enrolments", ("accepted",)] == 1


async def test_nothing_personal_is_told(jamin: Jamin, worker: Worker) -> None:
    """No name, number or address is in what Prometheus reads."""
    await worker.answer_until("remind")
    async with aiohttp.ClientSession() as session, session.get(jamin.root + "/metrics") as answer:
        text = await answer.text()
    typed = [answer.text for answer in ANSWERS.values() if isinstance(answer, Text)]
    assert [said for said in (*typed, worker.address.address) if said in text] == []


async def test_a_silent_database_leaves_what_was_known(jamin: Jamin, worker: Worker, clock: Clock) -> None:
    """A scrape succeeds while the database does not answer, and shows what it last said."""
    await worker.answer_until("income")
    await worker.say(Text("petugas"))
    before = await scrape(jamin)
    async with jamin.database.write() as connection:
        await connection.exec_driver_sql("DROP TABLE cases")
    clock.forward(60)
    assert (await scrape(jamin))["jamin_cases_waiting", ("asked",)] == before["jamin_cases_waiting", ("asked",)] == 1
