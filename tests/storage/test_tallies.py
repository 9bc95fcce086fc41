"""Tallies are what counting all rows would give, whatever happened and in whatever order."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections import Counter
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from conversations.effects import Order, SubmitEnrolment
from conversations.months import Month, jakarta
from storage.agents import keep_agent, keep_code
from storage.database import Database
from storage.enrolments import change_enrolment, change_terms, keep_contributions, keep_enrolment
from storage.monitor.ecosystems import ECOSYSTEMS, OUTSIDE, ecosystem_of
from storage.monitor.tallies import ACCEPTED, AFTER, KEPT, STATE, UNTIL, roll_up
from storage.monitor.totals import Totals, by_key, totals
from storage.sealing import KeyRing
from storage.tables import agents, contributions, enrolments, organisations, people
from tests import toy

FIRST = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
SINCE, UNTIL_DAY = dt.date(2026, 8, 1), dt.date(2027, 1, 1)
SPANS = ((SINCE, UNTIL_DAY), (dt.date(2026, 9, 4), dt.date(2026, 11, 3)), (dt.date(2026, 9, 4), dt.date(2026, 9, 12)))
"""Whole months, one with ends of months on both sides, one within a month."""
DAYS = (0, 2, 3, 9, 10, 30, 45, 62, 63)
"""How long after the first day somebody joins."""
CODES = ("WATI", "RAPAT", "BEBAS", "")
PLANS = (("jkk", "jkm"), ("jkk", "jkm", "jht"))
JOBS = ("farmer", "market_trader", "online_seller", "tailor", "porter", "ojek_online")


class History:
    """A field with an agent of a village, her meeting and a campaign, and people to whom things happen."""

    def __init__(self, database: Database, seed: int) -> None:
        self.database = database
        self.random = random.Random(seed)
        self.known: list[str] = []

    async def begin(self, keys: KeyRing) -> None:
        """Let there be the agent and the codes."""
        village = {"id": "o", "kind": "village", "name": "Desa", "area": "", "check_at": "", "created_at": FIRST}
        async with self.database.write() as connection:
            agent = await keep_agent(connection, keys, 1, "agent", "", {"name": "Wati"}, FIRST, state="active")
            await connection.execute(sa.insert(organisations).values(village))
            await connection.execute(sa.update(agents).values(organisation_id="o"))
            for code, kind in zip(CODES, ("agent", "event", "campaign"), strict=False):
                await keep_code(connection, code, kind, FIRST, agent_id=None if kind == "campaign" else agent)

    async def happen(self) -> None:
        """Let something happen to somebody, in a transaction of its own."""
        doings: tuple[Callable[[], object], ...] = (self.join, self.answer, self.pay, self.change)
        await self.random.choice(doings if self.known else doings[:1])()  # type: ignore[misc]

    async def join(self) -> None:
        """Let somebody be handed on."""
        name, at = (
            f"e{len(self.known)}",
            FIRST + dt.timedelta(days=self.random.choice(DAYS), hours=self.random.randrange(24)),
        )
        somebody = {
            "id": name,
            "chat_id": 7,
            "number": len(self.known),
            "key_id": "k",
            "agent": self.random.choice(CODES),
            "source": self.random.choice(("", "ad:1", "ad:2", "post:1", "qr")),
            "regency": self.random.choice(("3273", "3578", "")),
            "occupation": self.random.choice(JOBS),
            "created_at": at,
        }
        order = self._order()
        effect = SubmitEnrolment(0, name, {}, order, "1", at)
        async with self.database.write() as connection:
            await connection.execute(sa.insert(people).values(somebody))
            await keep_enrolment(connection, 7, name, effect, at)
        self.known.append(name)

    def _order(self) -> Order:
        sponsor = self.random.choice(("", "", "sponsor"))
        return Order("farmer", "other", 1, self.random.choice(PLANS), Month(2026, 9), 1, sponsor=sponsor)

    async def answer(self) -> None:
        """Let the backend answer, or think again."""
        state = self.random.choice((ACCEPTED, ACCEPTED, "refused", "waiting"))
        async with self.database.write() as connection:
            await change_enrolment(connection, 7, self.random.choice(self.known), FIRST, state=state)

    async def pay(self) -> None:
        """Let two months be paid."""
        months = tuple(Month(2026, 9).plus(n) for n in self.random.sample(range(12), 2))
        async with self.database.write() as connection:
            await keep_contributions(connection, self.random.choice(self.known), months, FIRST, b"")

    async def change(self) -> None:
        """Let the terms be changed."""
        async with self.database.write() as connection:
            await change_terms(connection, 7, self.random.choice(self.known), self._order())


@pytest.mark.parametrize("seed", [1, 2])
async def test_tallies_are_what_counting_every_row_gives(database: Database, keys: KeyRing, seed: int) -> None:
    """Whatever happened, in whatever order, with rounds at any moment: nothing is lost, nothing counted twice."""
    history = History(database, seed)
    await history.begin(keys)
    for n in range(120):
        await history.happen()
        if n % 17 == 0:
            await roll_up(database)
    await roll_up(database)
    for span in SPANS:
        raw = await _raw(database, *span)
        async with database.read() as connection:
            found = await totals(connection, *span)
            lists = [await by_key(connection, kind, *span) for kind in (STATE, KEPT, UNTIL)]
        assert found == raw.totals
        assert lists == [raw.states, raw.kept, raw.last]
        assert set(found.by_ecosystem) <= {*ECOSYSTEMS, OUTSIDE}
    assert (await _raw(database, SINCE, UNTIL_DAY)).totals.paid


class _Raw:
    """Everything counted from the rows themselves, one by one."""

    def __init__(self) -> None:
        self.states: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        self.last: Counter[str] = Counter()
        self.by: dict[str, Counter[str]] = {name: Counter() for name in _LISTS}
        self.days: Counter[dt.date] = Counter()
        self.senders = 0

    @property
    def totals(self) -> Totals:
        """The totals."""
        jht = sum(n for plan, n in self.by["programmes"].items() if "jht" in plan)
        paid = sum(n for month, n in self.last.items() if month)
        lists = (dict(self.by[name]) for name in _LISTS)
        return Totals(1, self.senders, self.days.total(), jht, paid, dict(self.days), *lists)


_LISTS = ("programmes", "province", "ecosystem", "source", "campaign")
_KIND = {"WATI": "agent", "RAPAT": "event", "BEBAS": "campaign"}

_TOLD = {"": "direct", "ad:": "ad", "pos": "post", "qr": "other"}


async def _raw(database: Database, since: dt.date, until: dt.date) -> _Raw:
    async with database.read() as connection:
        rows = (await connection.execute(sa.select(enrolments, people).join(people, _SAME))).mappings().all()
        paid = (await connection.execute(sa.select(contributions.c.enrolment_id, contributions.c.month))).all()
    raw = _Raw()
    for row in rows:
        if not since <= jakarta(row[enrolments.c.created_at]) < until:
            continue
        raw.states[row[enrolments.c.state]] += 1
        if row[enrolments.c.state] == ACCEPTED:
            _add(raw, row, sorted(month for of, month in paid if of == row[enrolments.c.id]))
    return raw


_SAME = people.c.id == enrolments.c.person_id


def _add(raw: _Raw, row: sa.RowMapping, months: list[str]) -> None:
    code = row[people.c.agent]
    village, sponsored = code in ("WATI", "RAPAT"), row[enrolments.c.cohort]
    raw.days[jakarta(row[enrolments.c.created_at])] += 1
    joined = Month.of(row[enrolments.c.created_at])
    raw.kept.update(str(n) for n in AFTER if str(joined.plus(n)) in months)
    raw.last[months[-1] if months else ""] += 1
    raw.by["programmes"][row[enrolments.c.programmes]] += 1
    raw.by["province"][row[people.c.regency][:2]] += 1
    alone = "village" if village else ecosystem_of(row[people.c.occupation])
    raw.by["ecosystem"]["vulnerable" if sponsored else alone] += 1
    raw.by["source"][_KIND.get(code) or _TOLD[row[people.c.source][:3]]] += 1
    if code == "BEBAS":
        raw.by["campaign"][code] += 1
    raw.senders = max(raw.senders, int(village))


async def test_a_payment_today_corrects_the_day_of_long_ago(database: Database) -> None:
    """A contribution for an enrolment of two months ago counts with its own day, not with today."""
    history = History(database, 1)
    await history.join()
    async with database.write() as connection:
        await change_enrolment(connection, 7, "e0", FIRST, state=ACCEPTED)
    await roll_up(database)
    async with database.write() as connection:
        await keep_contributions(connection, "e0", (Month(2026, 12),), FIRST + dt.timedelta(days=60), b"")
    await roll_up(database)
    async with database.read() as connection:
        assert await by_key(connection, KEPT, SINCE, UNTIL_DAY) == {"3": 1}
        assert await by_key(connection, KEPT, FIRST.date(), dt.date(2026, 11, 5)) == {"3": 1}
        assert await by_key(connection, KEPT, dt.date(2026, 11, 5), UNTIL_DAY) == {}


async def test_two_processes_may_roll_up_at_once(database: Database, keys: KeyRing) -> None:
    """While people join, two rounds at a time leave what one would have left."""
    history = History(database, 3)
    await history.begin(keys)
    for _ in range(5):
        for _ in range(8):
            await history.happen()
        await asyncio.gather(roll_up(database), roll_up(database), history.happen())
    await roll_up(database)
    async with database.read() as connection:
        found = await totals(connection, SINCE, UNTIL_DAY)
    assert found == (await _raw(database, SINCE, UNTIL_DAY)).totals


async def test_the_day_is_that_of_jakarta(database: Database) -> None:
    """Six in the evening in London is the next day in Jakarta."""
    history = History(database, 1)
    await history.join()
    late = dt.datetime(2026, 9, 1, 17, tzinfo=dt.UTC)
    async with database.write() as connection:
        await connection.execute(sa.update(enrolments).values(created_at=late))
        await change_enrolment(connection, 7, "e0", toy.NOW, state=ACCEPTED)
    await roll_up(database)
    async with database.read() as connection:
        assert (await totals(connection, SINCE, UNTIL_DAY)).by_day == {dt.date(2026, 9, 2): 1}
