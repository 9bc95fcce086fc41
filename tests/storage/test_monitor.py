"""What the monitor reads besides tallies: cohorts, the funnel, answers, agents, hours, targets."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from conversations.months import Month, months_from
from storage.agents import keep_agent, keep_code
from storage.arrivals import note_opening
from storage.database import Database
from storage.enrolments import keep_contributions
from storage.monitor.funnel import Answering, Stop, answering, funnel
from storage.monitor.growth import Campaign, Grown, by_hour, campaigns, grown, working
from storage.monitor.retention import Cohort, Standing, cohorts, kept_of, standing
from storage.monitor.tallies import WORKING, midnight, roll_up, touch
from storage.monitor.targets import set_target, targets_set
from storage.monitor.totals import by_day
from storage.sealing import KeyRing
from storage.tables import chats, enrolments, inbound, people

TODAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 5, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


async def join(database: Database, name: str, at: dt.datetime, *, code: str = "", paid: int = 0) -> None:
    """Let somebody be accepted who pays for some months from the month of joining."""
    person: dict[str, Any] = {"id": name, "chat_id": len(name), "number": int(name[1:]), "key_id": "k", "agent": code}
    enrolment = {"id": name, "chat_id": int(name[1:]), "person_id": name, "state": "accepted"}
    async with database.write() as connection:
        await connection.execute(sa.insert(people).values({**person, "created_at": at}))
        await connection.execute(sa.insert(enrolments).values({**enrolment, "created_at": at, "updated_at": at}))
        await keep_contributions(connection, name, months_from(Month.of(at), paid), at, b"")
        await touch(connection, name)


async def begin(database: Database, number: int, step: str, last: dt.datetime, flow: str = "enrolment") -> None:
    """Let a chat begin yesterday that stands at a step since some moment."""
    row = {"id": number, "ref": str(number), "channel": "web", "bot": "b", "key_id": "k", "flow": flow, "step": step}
    async with database.write() as connection:
        await connection.execute(sa.insert(chats).values({**row, "created_at": NOW - DAY * 2, "last_in_at": last}))


async def test_who_joined_in_a_month_and_still_pays(database: Database) -> None:
    """A cohort's later months count once they are over and may no longer be paid in time."""
    august = dt.datetime(2026, 8, 10, tzinfo=dt.UTC)
    for n, paid in enumerate((4, 2, 1, 0)):
        await join(database, f"e{n}", august, paid=paid)
    await join(database, "e9", NOW, paid=1)
    await roll_up(database)
    async with database.read() as connection:
        found = await cohorts(connection, Month.of(NOW), 12)
        later = await cohorts(connection, Month(2027, 1), 12)
        stands = await standing(connection, Month.of(NOW))
    assert found == [Cohort(Month(2026, 8), 4, {1: 2}), Cohort(Month(2026, 11), 1, {})]
    assert later[0] == Cohort(Month(2026, 8), 4, {1: 2, 3: 1})
    assert (kept_of(later, 3), kept_of(later, 12)) == ((4, 1), (0, 0))
    assert stands == Standing(registered=5, active=2)


async def test_the_funnel_tells_how_far_the_newest_chats_came(database: Database) -> None:
    """Chats without an enrolment stand at a step, silent or not; the others count by how far it came."""
    await begin(database, 1, "nik", NOW)
    await begin(database, 2, "nik", NOW - DAY * 2)
    await begin(database, 3, "", NOW, flow="membership")
    await begin(database, 4, "", NOW, flow="membership")
    await join(database, "e3", NOW, paid=1)
    await join(database, "e4", NOW)
    async with database.write() as connection:
        await note_opening(connection, "WATI", b"somewhere", NOW - DAY)
        await connection.execute(sa.update(enrolments).where(enrolments.c.id == "e4").values(state="refused"))
    async with database.read() as connection:
        found = await funnel(connection, NOW - DAY * 3, NOW - DAY)
        none = await funnel(connection, NOW, NOW)
    assert found == (1, 4, [Stop("enrolment", "nik", 2, 1)], 2, 1, 1)
    assert none == (0, 0, [], 0, 0, 0)


async def test_how_long_an_answer_took_is_told_by_its_middle(database: Database) -> None:
    """An answer's time runs from what came before it in the chat; what could not be read is told in per cent."""
    said = (("consent", "answered", 0), ("nik", "problem", 10), ("nik", "answered", 40), ("name", "word", 90))
    rows = [
        {"chat_id": 1, "line": n * 2, "source": str(n).encode(), "kind": "text", "flow": "enrolment"}
        | {"step": step, "outcome": outcome, "at": NOW + dt.timedelta(seconds=at)}
        for n, (step, outcome, at) in enumerate(said)
    ]
    async with database.write() as connection:
        await connection.execute(sa.insert(inbound), rows)
    async with database.read() as connection:
        assert await answering(connection, "enrolment", ("consent", "nik", "name")) == [Answering("nik", 2, 30, 50)]


async def test_what_agents_and_campaigns_brought(database: Database, keys: KeyRing) -> None:
    """An agent's own link and meeting count together, beside the span before; a campaign by its code."""
    async with database.write() as connection:
        wati = await keep_agent(connection, keys, 1, "agent", "", {"name": "Wati"}, NOW, state="active")
        for code, kind in (("WATI", "agent"), ("RAPAT", "event"), ("BEBAS", "campaign")):
            await keep_code(connection, code, kind, NOW, agent_id=None if kind == "campaign" else wati, title=kind)
    for n, (code, back) in enumerate((("WATI", 0), ("RAPAT", 1), ("WATI", 7), ("BEBAS", 0))):
        await join(database, f"e{n}", NOW - DAY * back, code=code)
    await roll_up(database)
    week = (TODAY - DAY * 6, TODAY + DAY)
    async with database.read() as connection:
        assert await grown(connection, *week) == [Grown("WATI", 2, 1)]
        assert await campaigns(connection, *week) == [Campaign("BEBAS", "campaign", 1)]
        assert await grown(connection, *week, most=0) == []
        assert await working(connection, *week) == (1, 2)
        assert await by_day(connection, WORKING, "", *week) == {TODAY - DAY: 1, TODAY: 1}
        hours = await by_hour(connection, midnight(TODAY))
    assert hours == {NOW: 2}


async def test_a_target_is_kept_changed_and_taken_away(database: Database) -> None:
    """A target has one value; None takes it away."""
    kept: list[dict[str, int]] = []
    for value in (200, 300, None):
        async with database.write() as connection:
            await set_target(connection, "day", value, NOW)
            kept.append(await targets_set(connection))
    assert kept == [{"day": 200}, {"day": 300}, {}]
