"""WhatsApp's 24 hours: what may be said after them, what waits, and what is told of what was sent."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import sqlalchemy as sa

from bot.app import Jamin
from conversations.messages import (
    Address,
    BillPaid,
    CaseClosed,
    EnrolmentAnswered,
    Incoming,
    Left,
    ReminderDue,
    StaffSaid,
    What,
)
from conversations.months import Month
from storage.dead_letters import dead_letters, revive
from storage.deliveries import REPLY
from storage.tables import enrolments, outbox
from storage.window import window_of
from tests.contracts.phones import WhatsAppPhone
from tests.contracts.test_channels import NIK, to_the_nik
from tests.fakes import graph_api
from tests.fakes.graph_api import NUMBER, FakeGraphApi, posting
from tests.fakes.graph_templates import RefusalError

PERSON = "6281234567890"
ADDRESS = Address("whatsapp", NUMBER, PERSON)
HOUR = 3600.0
PATIENCE = 15.0


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():
            await asyncio.sleep(0.01)


async def rows(jamin: Jamin, *columns: sa.Column[Any]) -> list[tuple[Any, ...]]:
    """Return columns of the outbox in the order of lines."""
    async with jamin.database.read() as connection:
        return [tuple(row) for row in await connection.execute(sa.select(*columns).order_by(outbox.c.line))]


async def states(jamin: Jamin, *wanted: str) -> None:
    """Wait until the outbox's rows have these states."""

    async def reached() -> bool:
        return [state for (state,) in await rows(jamin, outbox.c.state)] == list(wanted)

    await until(reached)


async def arrived(graph: FakeGraphApi, count: int) -> list[dict[str, Any]]:
    """Wait until the worker has that many messages."""

    async def enough() -> bool:
        return len(graph.sent[PERSON]) >= count

    await until(enough)
    return graph.sent[PERSON]


async def happens(jamin: Jamin, what: What, name: str = "e") -> None:
    """Let something happen to the chat that is not the worker's doing."""
    await jamin.turns.take(Incoming(ADDRESS, f"{name} {jamin.clock()}", what))


async def greeted(jamin: Jamin, graph: FakeGraphApi) -> None:
    """Let the worker say hello and hear the first question."""
    graph.say(PERSON, "halo")
    await arrived(graph, 1)
    await states(jamin, "done")


def names(sent: list[dict[str, Any]]) -> list[str]:
    """Name what was sent: the template, or "" for free words."""
    return [given["template"]["name"] if given["type"] == "template" else "" for given in sent]


async def until_of(jamin: Jamin) -> dt.datetime | None:
    """Return until when the only chat may be written to."""
    async with jamin.database.read() as connection:
        return (await window_of(connection, 1)).until


class TestTheWindow:
    """Known ahead for each chat."""

    async def test_it_follows_the_worker_s_own_words(self, served: Jamin, graph: FakeGraphApi) -> None:
        """The worker's words open it for a day; staff, the backend, statuses and the worker's leaving do not."""
        await greeted(served, graph)
        first = await until_of(served)
        assert first is not None
        assert dt.timedelta(hours=23.5) < first - served.clock() < dt.timedelta(hours=24)
        served.clock.forward(HOUR)
        await happens(served, StaffSaid("c", "Rina", "Halo"))
        await happens(served, Left())
        graph.report(graph.sent[PERSON][0], "read")
        await arrived(graph, 2)
        assert await until_of(served) == first
        graph.say(PERSON, "petugas")
        await arrived(graph, 3)
        again = await until_of(served)
        assert again is not None
        assert again > first

    async def test_it_counts_from_when_something_was_said(self, served: Jamin, graph: FakeGraphApi) -> None:
        """What WhatsApp brings late opens a window that is older by as much, and never takes one back."""
        late = graph.message(PERSON, type="text", text={"body": "halo"})
        served.clock.forward(6 * HOUR)
        graph.bring(posting(PERSON, late))
        await arrived(graph, 1)
        until_then = await until_of(served)
        assert until_then is not None
        assert until_then - served.clock() < dt.timedelta(hours=18)
        older = graph.message(PERSON, type="text", text={"body": "halo"}) | {"timestamp": "1790000000"}
        graph.bring(posting(PERSON, older))
        await arrived(graph, 2)
        assert await until_of(served) == until_then


class TestAfterIt:
    """Approved templates, and what waits."""

    async def test_staff_s_answer_waits_and_the_worker_is_called_once(self, served: Jamin, graph: FakeGraphApi) -> None:
        """Two answers after a day: one template, no refusal; a tap lets both go in their order, then the question."""
        await greeted(served, graph)
        served.clock.forward(25 * HOUR)
        await happens(served, StaffSaid("c", "Rina", "Jawaban pertama"))
        await states(served, "done", "held")
        await happens(served, StaffSaid("c", "Rina", "Jawaban kedua"))
        await states(served, "done", "held", "held")
        assert names(await arrived(graph, 2)) == ["", "jamin_staff_answered"]
        graph.press(PERSON, graph.sent[PERSON][1])
        sent = await arrived(graph, 4)
        assert ["pertama" in graph_api.words(sent[2]), "kedua" in graph_api.words(sent[3])] == [True, True]
        await states(served, "done", "done", "done")
        assert graph.refused.total() == 0
        assert await rows(served, outbox.c.attempts) == [(1,), (1,), (1,)]

    async def test_a_reply_without_a_template_calls_with_the_general_one(
        self, served: Jamin, graph: FakeGraphApi
    ) -> None:
        """What has no template of its own is announced; a word typed then is no answer to what was not read yet."""
        await greeted(served, graph)
        graph.say(PERSON, "petugas")
        await arrived(graph, 2)
        served.clock.forward(25 * HOUR)
        await happens(served, CaseClosed("c"))
        await states(served, "done", "done", "held")
        assert names(await arrived(graph, 3)) == ["", "", "jamin_news"]
        graph.say(PERSON, "saya sendiri")
        sent = await arrived(graph, 5)
        assert graph_api.choices(sent[4])[0]["title"] == "Saya sendiri"
        assert "sekali lagi" in graph_api.words(sent[4])

    async def test_a_template_that_says_all_goes_instead(self, served: Jamin, graph: FakeGraphApi) -> None:
        """The reminder is said by its template with its values, waits for nothing, and is told to be delivered."""
        await enrolled(served, graph)
        before = len(graph.sent[PERSON])
        served.clock.forward(40 * 24 * HOUR)
        await happens(served, ReminderDue(1, await reference(served), Month(2026, 12)))
        sent = await arrived(graph, before + 1)
        assert names(sent[before:]) == ["jamin_payment_due"]
        said = graph.templates.words(sent[before]["template"])
        assert "Desember 2026" in said
        assert "15 Desember 2026" in said
        assert "held" not in [state for (state,) in await rows(served, outbox.c.state)]
        graph.press(PERSON, sent[before])
        await arrived(graph, before + 2)

        async def delivered() -> bool:
            return (await rows(served, outbox.c.state))[-1] == ("done",)

        await until(delivered)

    async def test_what_the_backend_tells_has_templates(self, served: Jamin, graph: FakeGraphApi) -> None:
        """A payment recorded after a day is announced with its months."""
        await enrolled(served, graph)
        before = len(graph.sent[PERSON])
        served.clock.forward(30 * HOUR)
        known = await reference(served)
        await happens(served, BillPaid(1, known, "8810001", Month(2026, 12), 1, served.clock()))
        sent = await arrived(graph, before + 1)
        assert names(sent[before:]) == ["jamin_payment_received"]
        assert "1 bulan iuran mulai Desember 2026" in graph.templates.words(sent[before]["template"])

    async def test_their_clock_may_say_otherwise(self, served: Jamin, graph: FakeGraphApi) -> None:
        """Where WhatsApp says that the window is closed, the reply waits like any other."""
        graph.failures.append(RefusalError(400, 131047))
        graph.say(PERSON, "halo")
        await states(served, "held")
        assert names(await arrived(graph, 1)) == ["jamin_news"]

    @pytest.mark.parametrize("decision", ["REJECTED", "PAUSED"])
    async def test_a_template_that_can_not_be_used_is_a_dead_letter(
        self, served: Jamin, graph: FakeGraphApi, capsys: pytest.CaptureFixture[str], decision: str
    ) -> None:
        """Staff see what could not be said, the log names the command to look with, and once approved it goes."""
        await greeted(served, graph)
        graph.templates.decide(decision)
        served.clock.forward(25 * HOUR)
        await happens(served, StaffSaid("c", "Rina", "Jawaban"))
        await states(served, "done", "dead")
        assert "python -m bot templates list" in capsys.readouterr().out
        graph.templates.decide()
        async with served.database.write() as connection:
            [letter] = await dead_letters(connection)
            assert await revive(connection, letter.chat_id, letter.line, served.clock())
        served.outbox.wake()
        await states(served, "done", "held")
        assert names(await arrived(graph, 2)) == ["", "jamin_staff_answered"]

    async def test_what_is_held_by_a_hair_s_breadth_goes_out(self, served: Jamin, graph: FakeGraphApi) -> None:
        """A reply that was just being held while the worker spoke is let go with the next round of jobs."""
        await greeted(served, graph)
        async with served.database.write() as connection:
            await connection.execute(sa.update(outbox).values(state="held"))
        await served.jobs.round()
        served.outbox.wake()
        await states(served, "done")
        assert len(graph.sent[PERSON]) == 2

    async def test_what_nobody_asks_for_is_given_up(self, served: Jamin, graph: FakeGraphApi) -> None:
        """A reply that waited for its time is a dead letter, and the worker hears nothing of it later."""
        await greeted(served, graph)
        served.clock.forward(25 * HOUR)
        await happens(served, StaffSaid("c", "Rina", "Jawaban"))
        await states(served, "done", "held")
        served.clock.forward(31 * 24 * HOUR)
        await served.jobs.round()
        assert (await rows(served, outbox.c.state, outbox.c.error))[1] == ("dead", "NeverAsked")


class TestReports:
    """What WhatsApp tells of what was sent."""

    async def test_each_way_has_its_moment_in_any_order(self, served: Jamin, graph: FakeGraphApi) -> None:
        """Read before delivered, delivered twice, something unknown: the row has what was told, and its state stays."""
        await greeted(served, graph)
        [given] = graph.sent[PERSON]
        for how in ("read", "sent", "delivered", "delivered", "deleted"):
            graph.report(given, how)
        graph.report(given | {"biz_opaque_callback_data": "77/7/1/1"}, "read")

        async def told() -> bool:
            found = await rows(served, outbox.c.sent_at, outbox.c.delivered_at, outbox.c.read_at)
            return all(found[0])

        await until(told)
        assert await rows(served, outbox.c.state, outbox.c.error) == [("done", None)]

    async def test_what_is_told_before_we_know_that_it_was_sent_counts(
        self, served: Jamin, graph: FakeGraphApi
    ) -> None:
        """A status that overtakes the answer to the sending is kept, and the row is done all the same."""
        graph.tells_early = True
        await greeted(served, graph)
        [(delivered,)] = await rows(served, outbox.c.delivered_at)
        assert delivered is not None

    async def test_a_part_is_not_the_whole(self, served: Jamin, graph: FakeGraphApi) -> None:
        """Of a reply in several messages only the last one tells that it came."""
        await greeted(served, graph)
        [given] = graph.sent[PERSON]
        graph.report(given | {"biz_opaque_callback_data": "1/2/1/2"}, "read")
        graph.report(given | {"biz_opaque_callback_data": "1/2/2/2"}, "delivered")

        async def told() -> bool:
            return (await rows(served, outbox.c.delivered_at))[0][0] is not None

        await until(told)
        assert await rows(served, outbox.c.read_at) == [(None,)]

    async def test_a_call_that_fails_makes_a_dead_letter(self, served: Jamin, graph: FakeGraphApi) -> None:
        """Where the worker could not even be called, staff see the reply that waited."""
        await greeted(served, graph)
        served.clock.forward(25 * HOUR)
        await happens(served, StaffSaid("c", "Rina", "Jawaban"))
        await states(served, "done", "held")
        graph.report(graph.sent[PERSON][1], "failed", 131026)
        await states(served, "done", "dead")


# --- somebody enrolled -----------------------------------------------------------------------------------------------


async def enrolled(jamin: Jamin, graph: FakeGraphApi) -> None:
    """Enrol the worker, let the office accept it, and let the worker want reminders."""
    phone = WhatsAppPhone(graph, PERSON)
    await to_the_nik(phone)
    await phone.asks(NIK)
    await phone.asks("Siti Aminah")
    await phone.picks("17 Agustus 1990")
    await phone.asks("0812 3456 7890")
    await phone.picks("Benar, daftarkan")
    await happens(jamin, EnrolmentAnswered(1, await reference(jamin), "accepted", kpj="26110000017"))
    await phone.picks("Ya, ingatkan")

    async def quiet() -> bool:
        return all(state == "done" for state, lane in await rows(jamin, outbox.c.state, outbox.c.lane) if lane == REPLY)

    await until(quiet)


async def reference(jamin: Jamin) -> str:
    """Return our reference of the only enrolment, once it is stored."""
    found: list[str] = []

    async def stored() -> bool:
        async with jamin.database.read() as connection:
            found.extend((await connection.execute(sa.select(enrolments.c.id))).scalars())
        return bool(found)

    await until(stored)
    return found[0]
