"""What the supervisor sees is what happened."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import AsyncIterator

import pytest_asyncio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.messages import Tap
from storage.cases.acts import claim, mark_overdue
from storage.cases.events import CLOSED, New, append
from storage.cases.figures import NOTHING, Exported, Line, Times, exported, figures, waiting_now
from storage.database import Database
from storage.sealing import KeyRing
from storage.tables import cases
from tests.storage.casebook import MONDAY, Casebook, open_casebook

DAY = dt.timedelta(days=1)
CASE = {"person": 0, "reason": "asked", "state": "closed", "opened_at": MONDAY}


@pytest_asyncio.fixture
async def book(database: Database, keys: KeyRing) -> AsyncIterator[Casebook]:
    """Chats over a fresh database."""
    async with open_casebook(database, keys) as opened:
        yield opened


async def test_durations_are_by_nearest_rank(database: Database) -> None:
    """The middle is the first duration that half don't exceed, the ninth decile the first that nine in ten don't."""
    chance = random.Random(7)
    async with database.write() as connection:
        for number, cases_closed in enumerate((1, 2, 9, 10, 11, 60), start=1):
            took = sorted(chance.randrange(10_000) for _ in range(cases_closed))
            who = f"operator {number}"
            await append(connection, *(New(number, 1, CLOSED, MONDAY, who, "", seconds) for seconds in took))
            await connection.execute(sa.insert(cases).values(**CASE, number=number, id=who, chat_id=number))
            found = await figures(connection, MONDAY, MONDAY + DAY)
            middle, ninth = (took[math.ceil(cases_closed * part / 10) - 1] for part in (5, 9))
            assert found.by_operator[who].resolution == Times(cases_closed, middle, ninth)


async def test_what_waits_now(book: Casebook) -> None:
    """Only what awaits staff is counted, by priority, with the moment since when the oldest waits."""
    operator = await book.operator("sari")
    first = await book.call("a")
    book.later(minutes=10)
    second = await book.call("b", "suami saya baru meninggal")
    await book.answer(await book.call("c"))
    await book.write(claim, second.id, operator, book.now)
    now = await book.read(waiting_now)
    assert (now.waiting, now.unclaimed, now.oldest) == (2, 1, first.since)
    assert now.by_priority == {"urgent": 1, "high": 0, "normal": 1, "low": 0}


async def test_nothing_waits_at_first(book: Casebook) -> None:
    """An office without cases has figures too."""
    now = await book.read(waiting_now)
    assert (now.waiting, now.unclaimed, now.oldest) == (0, 0, None)
    assert (await book.read(figures, MONDAY, MONDAY + DAY)).whole == NOTHING


async def _served(book: Casebook) -> None:
    """Two cases: one answered by sari after a minute and found good, one by budi too late and found bad."""
    for chat, said, by, minutes, score in (("a", "halo", "sari", 1, "good"), ("b", "mau komplain", "budi", 90, "bad")):
        case = await book.call(chat, said, *(("belum dibalas",) if said == "mau komplain" else ("petugas",)))
        book.later(minutes=minutes)
        if minutes > 60:
            await book.write(mark_overdue, case.id, book.now)
        await book.answer(case, by)
        book.later(minutes=1)
        await book.close(case, by)
        await book.happen(chat, Tap(f"1:rate:{score}"))


async def test_figures_by_operator_and_reason(book: Casebook) -> None:
    """Answers, solutions, lateness and satisfaction are told for all, for each operator and for each reason."""
    await _served(book)
    found = await book.read(figures, MONDAY, MONDAY + DAY)
    late = Line(Times(1, 5400, 5400), Times(1, 5460, 5460), 1, 0, 1)
    prompt = Line(Times(1, 60, 60), Times(1, 120, 120), 0, 1, 0)
    assert found.by_operator["sari"] == prompt
    assert found.by_reason == {"asked": prompt, "complaint": late}
    assert found.whole == Line(Times(2, 60, 5400), Times(2, 120, 5460), 1, 1, 1)
    assert (await book.read(figures, MONDAY + DAY, MONDAY + 2 * DAY)).by_reason == {}


async def test_a_case_is_overdue_once(book: Casebook) -> None:
    """What is overdue already, or answered, is not marked again."""
    case = await book.call("a")
    assert await book.write(mark_overdue, case.id, book.now)
    assert not await book.write(mark_overdue, case.id, book.now)
    answered = await book.call("b")
    await book.answer(answered)
    assert not await book.write(mark_overdue, answered.id, book.now)


async def test_the_export_holds_every_case_of_the_span_and_nothing_personal(book: Casebook) -> None:
    """The rows are the cases opened in the span, whole, in order, with codes only."""
    await book.operator("sari")
    await _served(book)
    await book.happen("a", "Siti Aminah")
    rows = await book.read(_rows)
    assert [(row.number, row.reason, row.operator, row.satisfaction) for row in rows] == [
        (1, "asked", "sari", "good"),
        (2, "complaint", None, "bad"),
    ]
    assert {row.channel for row in rows} == {"web"}
    assert "Siti" not in str(rows)


async def _rows(connection: AsyncConnection) -> list[Exported]:
    return [row async for row in exported(connection, MONDAY, MONDAY + DAY)]
