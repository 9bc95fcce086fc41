"""Cases as staff work on them: queued, claimed by one, answered, closed, opened again, erased."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.cases import CAPACITY
from conversations.messages import BillPaid, CaseMode, StaffLeads, StaffProposes, Tap
from conversations.months import Month
from storage.cases import (
    ANSWERED,
    CLAIMED,
    CLOSED,
    UNCLAIMED,
    Filters,
    ahead_of,
    count_open,
    place_of,
    queue,
)
from storage.cases.acts import Claimed, assign, claim, hand_back, return_idle
from storage.cases.notes import add_note, notes_of
from storage.cases.presence import Present, be_present, forget_absent, leave, present
from storage.database import Database
from storage.drafts import Desk, keep_draft
from storage.sealing import KeyRing
from storage.tables import case_notes, drafts
from tests.storage.casebook import Casebook, open_casebook

HALF_AN_HOUR = dt.timedelta(minutes=30)
PAID = BillPaid(1, "nobody's", "8810001", Month(2026, 12), 1, dt.datetime(2026, 11, 23, tzinfo=dt.UTC))


@pytest_asyncio.fixture
async def book(database: Database, keys: KeyRing) -> AsyncIterator[Casebook]:
    """Chats over a fresh database."""
    async with open_casebook(database, keys) as opened:
        yield opened


class TestQueue:
    """Who is answered first."""

    async def test_the_most_pressing_come_first_then_who_waits_longest(self, book: Casebook) -> None:
        """Cases are ordered by priority, then by waiting; those that await the worker come last."""
        first = await book.call("a")
        book.later(minutes=1)
        second = await book.call("b")
        book.later(minutes=1)
        urgent = await book.call("c", "suami saya baru meninggal")
        await book.answer(first)
        found = await book.read(queue, book.keys)
        assert [case.number for case in found] == [urgent.number, second.number, first.number]
        assert [case.priority_code for case in found] == ["urgent", "normal", "normal"]

    async def test_pages_follow_each_other_without_gap_or_repeat(self, book: Casebook) -> None:
        """Page by page the queue is the whole queue."""
        for chat in range(7):
            book.later(seconds=1)
            await book.call(str(chat))
        whole = await book.read(queue, book.keys, Filters(), 100)
        paged = []
        after = None
        while page := await book.read(queue, book.keys, Filters(), 3, after):
            paged += page
            after = place_of(page[-1])
        assert paged == whole

    async def test_filters_let_through_what_they_name(self, book: Casebook) -> None:
        """Each filter by itself finds its cases and no other."""
        operator = await book.operator("sari")
        mine, other = (
            await book.call("a"),
            await book.call("b", "saya mau komplain", "belum dibalas", channel="telegram"),
        )
        await book.write(claim, mine.id, operator, book.now)
        wanted = {
            Filters(stage=CLAIMED): mine,
            Filters(stage=UNCLAIMED): other,
            Filters(reason="complaint"): other,
            Filters(priority="normal"): mine,
            Filters(channel="telegram"): other,
            Filters(operator=operator): mine,
        }
        for filters, case in wanted.items():
            assert [found.number for found in await book.read(queue, book.keys, filters)] == [case.number]
            assert await book.read(count_open, filters) == 1
        assert await book.read(count_open, Filters(language="id")) == 2
        assert await book.read(count_open, Filters(region="3273")) == 0

    async def test_a_new_case_waits_behind_those_as_pressing(self, book: Casebook) -> None:
        """How many are ahead counts those that await staff and are as pressing at least."""
        await book.call("a")
        answered = await book.call("b")
        await book.answer(answered)
        assert [await book.read(ahead_of, rank) for rank in range(4)] == [0, 0, 1, 1]

    async def test_a_page_walks_the_index_of_open_cases(self, book: Casebook) -> None:
        """However many cases were closed, a page of the queue reads the index of the open ones, and sorts nothing."""
        said: list[tuple[str, Any]] = []

        @sa.event.listens_for(book.database.engine.sync_engine, "before_cursor_execute")
        def listen(*heard: Any) -> None:
            said.append((heard[2], heard[3]))

        case = await book.call("a")
        await book.read(queue, book.keys, Filters(), 50, place_of(case))
        statement, given = said[-1]
        if book.database.is_sqlite:
            explained = await book.read(explain, f"EXPLAIN QUERY PLAN {statement}", given)
        else:
            await book.write(many_closed)
            explained = await book.read(explain, f"EXPLAIN {statement}", given)
        assert "cases_open_in_order" in explained
        assert "b-tree" not in explained.lower()
        assert "sort" not in explained.lower()


async def explain(connection: AsyncConnection, statement: str, given: Any) -> str:
    """Ask the database how it would run a statement."""
    return "\n".join(str(row[-1]) for row in await connection.exec_driver_sql(statement, given))


async def many_closed(connection: AsyncConnection) -> None:
    """Close so many cases that PostgreSQL reads no table whole."""
    closed = sa.text(
        "INSERT INTO cases (id, chat_id, person, reason, state, opened_at, closed_at)"
        " SELECT n::text, 1, 0, 'asked', 'closed', n, n FROM generate_series(1, 20000) AS n"
    )
    await connection.execute(closed)
    await connection.execute(sa.text("ANALYZE cases"))


class TestClaiming:
    """One operator has a case, and not too many."""

    async def test_two_operators_never_both_have_a_case(self, book: Casebook) -> None:
        """However many claim a case at once, one has it and the others are told."""
        operators = [await book.operator(name) for name in ("sari", "budi", "rina", "joko")]
        case = await book.call("a")
        came = await asyncio.gather(*(book.write(claim, case.id, who, book.now) for who in operators))
        assert sorted(one.name for one in came) == ["MINE", "TAKEN", "TAKEN", "TAKEN"]
        assert (await book.fresh(case)).operator_id == operators[came.index(Claimed.MINE)]
        assert [event.kind for event in await book.events(case)].count("claimed") == 1

    async def test_capacity_holds_in_two_windows_too(self, book: Casebook) -> None:
        """An operator who claims several cases at once gets as many as one may have."""
        operator = await book.operator("sari")
        opened = [await book.call(str(chat)) for chat in range(4)]
        came = await asyncio.gather(*(book.write(claim, case.id, operator, book.now, 2) for case in opened))
        assert sorted(one.name for one in came) == ["FULL", "FULL", "MINE", "MINE"]

    async def test_who_awaits_the_worker_has_room(self, book: Casebook) -> None:
        """A case that was answered doesn't count until the worker writes again."""
        operator = await book.operator("sari")
        first, second = await book.call("a"), await book.call("b")
        await book.write(claim, first.id, operator, book.now, 1)
        await book.answer(first)
        assert await book.write(claim, second.id, operator, book.now, 1) is Claimed.MINE

    async def test_claiming_again_and_too_late(self, book: Casebook) -> None:
        """Who has a case already keeps it; a closed or unknown one is over."""
        operator = await book.operator("sari")
        case = await book.call("a")
        assert await book.write(claim, case.id, operator, book.now, CAPACITY) is Claimed.MINE
        assert await book.write(claim, case.id, operator, book.now, CAPACITY) is Claimed.MINE
        await book.close(case)
        assert await book.write(claim, case.id, operator, book.now) is Claimed.OVER
        assert await book.write(claim, "no case", operator, book.now) is Claimed.OVER
        assert not await book.write(assign, case.id, operator, operator, book.now)

    async def test_a_case_is_handed_on_and_back(self, book: Casebook) -> None:
        """A supervisor gives a case to anybody; who has it may put it back once."""
        case = await book.call("a")
        assert await book.write(assign, case.id, "budi", "sari", book.now)
        assert await book.write(assign, case.id, "budi", "sari", book.now)
        assert (await book.fresh(case)).operator_id == "budi"
        assert await book.write(hand_back, case.id, "budi", book.now)
        assert not await book.write(hand_back, case.id, "budi", book.now)
        told = [(event.kind, event.operator_id, event.about) for event in await book.events(case)]
        assert told[2:] == [("assigned", "sari", "budi"), ("returned", "budi", "")]

    async def test_an_idle_case_goes_back(self, book: Casebook) -> None:
        """A claimed case whose worker waits is put back after the set time without its operator doing anything."""
        operator = await book.operator("sari")
        idle, noted, answered = await book.call("a"), await book.call("b"), await book.call("c")
        for case in (idle, noted, answered):
            await book.write(claim, case.id, operator, book.now)
        await book.answer(answered)
        book.later(minutes=20)
        await book.write(add_note, book.keys, noted.id, operator, "menelepon kantor", book.now)
        book.later(minutes=11)
        assert await book.write(return_idle, book.now, HALF_AN_HOUR) == [idle.number]
        assert await book.write(return_idle, book.now, HALF_AN_HOUR) == []
        assert (await book.events(idle))[-1].kind == "idle"

    async def test_who_types_is_at_work(self, book: Casebook) -> None:
        """A case is not put back while its operator types in it."""
        operator = await book.operator("sari")
        case = await book.call("a")
        await book.write(claim, case.id, operator, book.now)
        book.later(hours=1)
        until = book.now + dt.timedelta(seconds=20)
        async with book.database.write() as connection:
            await be_present(connection, case.number, operator, typing=True, until=until)
        assert await book.write(return_idle, book.now, HALF_AN_HOUR) == []
        assert await book.write(return_idle, until, HALF_AN_HOUR) == [case.number]

    async def test_the_clock_of_a_case_begins_when_the_worker_writes(self, book: Casebook) -> None:
        """A case that awaited the worker for long is not idle the moment they write."""
        operator = await book.operator("sari")
        case = await book.call("a")
        await book.write(claim, case.id, operator, book.now)
        await book.answer(case)
        book.later(hours=3)
        await book.happen("a", "terima kasih infonya, satu lagi")
        assert await book.write(return_idle, book.later(minutes=29), HALF_AN_HOUR) == []
        assert await book.write(return_idle, book.later(minutes=2), HALF_AN_HOUR) == [case.number]


class TestLife:
    """From the call to the closing and back."""

    async def test_where_a_case_stands(self, book: Casebook) -> None:
        """A case is unclaimed, claimed, answered, claimed again once the worker writes, and closed."""
        case = await book.call("a")
        stages = [case.stage]
        await book.write(assign, case.id, "sari", "sari", book.now)
        stages.append((await book.fresh(case)).stage)
        await book.answer(case)
        stages.append((await book.fresh(case)).stage)
        await book.happen("a", "baik")
        stages.append((await book.fresh(case)).stage)
        await book.close(case)
        stages.append((await book.fresh(case)).stage)
        assert stages == [UNCLAIMED, CLAIMED, ANSWERED, CLAIMED, CLOSED]

    async def test_answers_and_closing_are_timed(self, book: Casebook) -> None:
        """The first answer and the closing tell the seconds since the case was opened; later answers don't."""
        case = await book.call("a")
        book.later(minutes=5)
        await book.answer(case, "sari")
        await book.answer(case, "budi")
        book.later(minutes=5)
        await book.close(case, "", "no such resolution")
        told = [(event.kind, event.operator_id, event.took) for event in await book.events(case)]
        assert told[2:] == [("first_answer", "sari", 300), ("answered", "budi", None), ("closed", "sari", 600)]
        closed = await book.fresh(case)
        assert (closed.resolution, closed.operator_id, closed.first_answered_at) == (
            "",
            "sari",
            case.opened_at + dt.timedelta(minutes=5),
        )

    async def test_a_second_call_raises_the_open_case(self, book: Casebook) -> None:
        """Distress while a case is open makes it urgent instead of being lost; a lesser call changes nothing."""
        case = await book.call("a")
        await book.happen("a", Tap("!resume"), "suami saya baru meninggal", Tap("!operator"))
        [raised] = await book.read(queue, book.keys)
        assert (raised.number, raised.reason, raised.priority_code) == (case.number, "distress", "urgent")
        assert [event.kind for event in await book.events(case)].count("raised") == 1

    async def test_a_call_soon_after_the_closing_goes_on_with_the_case(self, book: Casebook) -> None:
        """Within a day the same case is open again with its history and nobody's; later there is a new one."""
        case = await book.call("a")
        await book.answer(case)
        await book.close(case)
        book.later(hours=23)
        await book.happen("a", "petugas")
        [again] = await book.read(queue, book.keys)
        assert (again.number, again.reopened, again.operator_id, again.closed_at) == (case.number, 1, None, None)
        assert (again.since, again.resolution) == (book.now, "")
        await book.close(again)
        await book.happen("a", "saya mau komplain", "belum dibalas")
        [again] = await book.read(queue, book.keys)
        assert (again.reopened, again.reason, again.mode) == (2, "complaint", "notes")
        await book.close(again)
        book.later(hours=25)
        new = await book.call("a", "petugas")
        assert new.number != case.number

    async def test_the_call_is_the_first_of_its_events(self, book: Casebook) -> None:
        """A case begins with its opening and its reason, then what the worker wrote."""
        case = await book.call("a")
        await book.happen("a", "kodenya belum masuk")
        told = [(event.kind, event.about) for event in await book.events(case)]
        assert told == [("opened", "asked"), ("heard", ""), ("heard", "")]

    async def test_everything_an_operator_does_is_an_event(self, book: Casebook) -> None:
        """A mode, an offer, being led and what comes from elsewhere are found in the trail."""
        case = await book.call("a")
        await book.staff(case, CaseMode(case.id, "silent", "sari"))
        await book.staff(case, StaffProposes(case.id, "Sari", "name", "Siti", "sari"))
        await book.staff(case, StaffLeads(case.id, "explain", "sari"))
        await book.happen("a", PAID)
        assert [event.kind for event in await book.events(case)] == [
            "opened",
            "heard",
            "mode",
            "offered",
            "led",
            "happened",
        ]
        assert (await book.fresh(case)).mode == "silent"

    async def test_how_it_was_is_kept(self, book: Casebook) -> None:
        """Two taps after the closing are kept with the case."""
        case = await book.call("a")
        await book.answer(case)
        await book.close(case)
        await book.happen("a", Tap("1:rate:bad"), Tap("1:why:slow"))
        closed = await book.fresh(case)
        assert (closed.satisfaction, closed.satisfaction_why) == ("bad", "slow")

    async def test_an_anonymous_case_keeps_no_place_and_no_agent(self, book: Casebook) -> None:
        """A report without a name holds neither region nor agent, says from which line on it may be read, and stays so
        whatever else comes."""
        await book.happen("a", "halo", "saya sendiri", "narik ojol", "digaji majikan")
        case = await book.call("a", "2")
        assert (case.reason, case.anonymous, case.region, case.agent) == ("employer_anonymous", True, "", "")
        assert case.line > 1
        await book.happen("a", Tap("!resume"), "suami saya baru meninggal")
        [raised] = await book.read(queue, book.keys)
        assert (raised.number, raised.anonymous, raised.priority_code) == (case.number, True, "urgent")
        await book.close(raised)
        await book.happen("a", "saya mau komplain", "belum dibalas")
        [named] = await book.read(queue, book.keys)
        assert named.number != case.number


class TestNotes:
    """Internal notes."""

    async def test_notes_are_sealed_and_read_back(self, book: Casebook) -> None:
        """What is noted is stored sealed and read back in order, with who wrote it."""
        case = await book.call("a")
        for text in ("sudah ditelepon", "tunggu kabar kantor"):
            book.later(seconds=1)
            assert await book.write(add_note, book.keys, case.id, "sari", text, book.now)
        notes = await book.read(notes_of, book.keys, case.number)
        assert [(note.operator_id, note.text) for note in notes] == [
            ("sari", "sudah ditelepon"),
            ("sari", "tunggu kabar kantor"),
        ]
        async with book.database.read() as connection:
            stored = (await connection.execute(sa.select(case_notes.c.text))).scalars().all()
        assert all(b"kantor" not in sealed for sealed in stored)
        assert not await book.write(add_note, book.keys, "no case", "sari", "x", book.now)

    async def test_erasing_takes_notes_and_closes_the_case(self, book: Casebook) -> None:
        """After the worker erases everything the case is closed and its notes are gone."""
        case = await book.call("a", "halo", "saya sendiri", "petugas")
        await book.write(add_note, book.keys, case.id, "sari", "rahasia", book.now)
        async with book.database.write() as connection:
            await keep_draft(connection, book.keys, Desk(case.number, case.chat_id, "sari"), "Halo, Siti", book.now)
        await book.happen("a", "hapus data saya")
        await book.happen("a", "hapus semua")
        closed = await book.fresh(case)
        assert (closed.state, closed.resolution) == ("closed", "erased")
        assert await book.read(notes_of, book.keys, case.number) == []
        async with book.database.read() as connection:
            assert (await connection.execute(sa.select(drafts))).first() is None


async def test_presence_is_a_lease(book: Casebook) -> None:
    """Who looks at a case is seen until the lease ends or they leave."""
    case = await book.call("a")
    until = book.now + dt.timedelta(seconds=20)
    for who, typing in (("sari", False), ("budi", True), ("sari", True)):
        async with book.database.write() as connection:
            await be_present(connection, case.number, who, typing=typing, until=until)
    assert await book.read(present, case.number, book.now) == [Present("budi", True), Present("sari", True)]
    await book.write(leave, case.number, "budi")
    assert await book.read(present, case.number, book.now) == [Present("sari", True)]
    assert await book.read(present, case.number, until) == []
    await book.write(forget_absent, until)
    assert await book.read(present, case.number, book.now) == []
