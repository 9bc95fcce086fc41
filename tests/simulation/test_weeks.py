"""Some invented days, played through the whole program: what people saw is what the database holds."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from bot.settings import Settings
from bot.simulation.run import Wanted, hours, simulate
from bot.simulation.tally import Tally
from conversations.months import jakarta
from storage.database import open_database
from storage.monitor.tallies import roll_up
from storage.monitor.totals import Totals, totals
from storage.tables import (
    agents,
    attributions,
    cases,
    chats,
    codes,
    consents,
    contributions,
    enrolments,
    inbound,
    openings,
    outbox,
    people,
)

WANTED = Wanted(agents=10, days=2, seed=3, until=dt.date(2026, 11, 23))


class World(NamedTuple):
    """What a simulation gave: its own count, how often it told how far it is, the settings of its database."""

    tally: Tally
    told: int
    settings: Settings

    def read(self, *statements: sa.Select[Any]) -> list[Any]:
        """Return the rows of statements."""
        return asyncio.run(_rows(self.settings.database, statements))


async def _rows(url: str, statements: tuple[sa.Select[Any], ...]) -> list[Any]:
    database = open_database(url)
    async with database.read() as connection:
        found = [row for statement in statements for row in await connection.execute(statement)]
    await database.close()
    return found


def played(home: Path, wanted: Wanted) -> World:
    """Play some days."""
    settings, said = Settings(mode="demo", home=home, database_url=""), list[str]()
    return World(asyncio.run(simulate(settings, wanted, said.append)), len(said), settings)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Two days of ten agents."""
    return played(tmp_path_factory.mktemp("world"), WANTED)


def test_the_count_is_the_databases(world: World) -> None:
    """Every total that people make up among themselves is found in the raw tables."""
    accepted = sa.and_(enrolments.c.state == "accepted", enrolments.c.person_id == people.c.id)
    counted = {
        "opened": sa.select(sa.func.count()).select_from(openings),
        "started": sa.select(sa.func.count())
        .where(~sa.exists().where(agents.c.chat_id == chats.c.id))
        .select_from(chats),
        "consented": sa.select(sa.func.count(sa.distinct(consents.c.chat_id))).where(
            consents.c.purpose == "enrol", consents.c.given
        ),
        "enrolled": sa.select(sa.func.count()).where(accepted),
        "paid": sa.select(sa.func.count(sa.distinct(contributions.c.enrolment_id))),
        "savings": sa.select(sa.func.count()).where(accepted, people.c.programmes.contains("jht")),
    }
    found = dict(zip(counted, (row[0] for row in world.read(*counted.values())), strict=True))
    assert found == {name: getattr(world.tally, name) for name in counted}


def test_the_monitor_shows_what_people_saw(world: World) -> None:
    """The totals behind the monitor's pages are the simulation's own, field by field."""
    shown, saw = asyncio.run(_totals(world.settings.database)), world.tally
    assert (shown.registered, shown.active) == (saw.agents.registered, saw.agents.active)
    assert (shown.enrolled, shown.with_jht, shown.paid) == (saw.enrolled, saw.savings, saw.paid)
    assert shown.by_day == {day.day: day.enrolled for day in saw.by_day if day.enrolled}
    for name in ("by_province", "by_ecosystem", "by_source", "by_campaign"):
        assert getattr(shown, name) == getattr(saw, name)


async def _totals(url: str) -> Totals:
    database = open_database(url)
    await roll_up(database)
    async with database.read() as connection:
        shown = await totals(connection, WANTED.first_day, WANTED.until)
    await database.close()
    return shown


def test_days_and_shares_are_the_databases(world: World) -> None:
    """By day, province, channel and occupation both count alike."""
    enrolled = sa.select(enrolments.c.updated_at, people.c.regency, people.c.channel, people.c.occupation).where(
        enrolments.c.state == "accepted", enrolments.c.person_id == people.c.id
    )
    rows = world.read(enrolled)
    shares: dict[str, Callable[[Any], str]] = {
        "by_province": lambda row: row.regency[:2],
        "by_channel": lambda row: row.channel,
        "by_occupation": lambda row: row.occupation,
    }
    for name, key in shares.items():
        assert getattr(world.tally, name) == counted(map(key, rows))
    first = world.read(sa.select(enrolments.c.created_at).where(enrolments.c.state == "accepted"))
    by_day = {day.day.isoformat(): day.enrolled for day in world.tally.by_day if day.enrolled}
    assert by_day == counted(jakarta(row[0]).isoformat() for row in first)


def counted(things: Any) -> dict[str, int]:
    """Count equal things."""
    listed = list(things)
    return {thing: listed.count(thing) for thing in set(listed)}


def test_the_field_is_the_wanted_one(world: World) -> None:
    """As many agents as asked for are registered, and somebody comes by those who are active."""
    codes_of_agents = sa.select(sa.func.count()).where(codes.c.kind == "agent", codes.c.agent_id == agents.c.id)
    applied = codes_of_agents.where(agents.c.chat_id.is_not(None), agents.c.state == "active")
    came = sa.select(sa.func.count(sa.distinct(attributions.c.chat_id))).where(attributions.c.kept)
    [registered, by_link] = (row[0] for row in world.read(applied, came))
    assert world.tally.agents.registered == registered == WANTED.agents
    assert 0 < world.tally.agents.active <= WANTED.agents
    assert by_link > 0
    assert world.told == hours(WANTED)


def test_the_program_is_at_ease_with_them(world: World) -> None:
    """No turn failed, no hand-off was given up, and nobody waits for an answer that never came."""
    faults = sa.select(sa.func.count()).where(inbound.c.error.is_not(None))
    dead = sa.select(sa.func.count()).where(outbox.c.state.in_(("dead", "held")))
    left = sa.select(sa.func.count()).where(enrolments.c.state.in_(("handed_off", "waiting", "undelivered")))
    at_fault = sa.select(sa.func.count()).where(cases.c.reason == "fault")
    assert [row[0] for row in world.read(faults, dead, left, at_fault)] == [0, 0, 0, 0]


def test_the_same_seed_is_the_same_world(tmp_path: Path) -> None:
    """Played again, everybody does and sees the same."""
    fewer = WANTED._replace(agents=4, days=1, seed=1)
    first, again = played(tmp_path / "first", fewer), played(tmp_path / "again", fewer)
    assert first.tally.started
    assert first.tally == again.tally
