"""How it grows: enrolments by hour, what each agent's link brought, what campaigns brought."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.monitor.tallies import ACCEPTED, AGENT, CAMPAIGN, day_number, day_of
from storage.monitor.totals import ACTIVE, by_key
from storage.tables import agents, codes, enrolments, stored, tallies

_HOUR = stored(dt.datetime(1970, 1, 1, 1, tzinfo=dt.UTC))


class Grown(NamedTuple):
    """An agent by their own code: enrolments in a span of days and in the span of the same length before it."""

    code: str
    now: int
    before: int


class Campaign(NamedTuple):
    """A campaign: its code, its title, enrolments in a span of days."""

    code: str
    title: str
    enrolled: int


async def by_hour(connection: AsyncConnection, since: dt.datetime) -> dict[dt.datetime, int]:
    """Return the accepted enrolments since a moment by the hour in which they were sent in; empty hours are left
    out."""
    hour = sa.type_coerce(enrolments.c.created_at, sa.BigInteger) // _HOUR
    found = await connection.execute(
        sa.select(hour, sa.func.count())
        .where(enrolments.c.created_at >= since, enrolments.c.state == ACCEPTED)
        .group_by(sa.literal_column("1"))
        .order_by(sa.literal_column("1"))
    )
    return {dt.datetime.fromtimestamp(int(number) * 3600, dt.UTC): n for number, n in found}


async def active_by_day(connection: AsyncConnection, since: dt.date, until: dt.date) -> dict[dt.date, int]:
    """Return how many agents brought somebody, by day."""
    found = await connection.execute(
        sa.select(tallies.c.day, sa.func.count())
        .where(tallies.c.kind == AGENT, tallies.c.key != "", tallies.c.day >= day_number(since))
        .where(tallies.c.day < day_number(until))
        .group_by(tallies.c.day)
        .order_by(tallies.c.day)
    )
    return {day_of(day): n for day, n in found}


async def grown(connection: AsyncConnection, since: dt.date, until: dt.date) -> list[Grown]:
    """Return the agents who brought somebody in the span or in the one before it, who brought most now first."""
    now = await by_key(connection, AGENT, since, until)
    before = await by_key(connection, AGENT, since - (until - since), since)
    ids = dict.fromkeys(agent for agent in (*now, *before) if agent)
    known = await _codes_of_agents(connection)
    return [Grown(known.get(agent, "–"), now.get(agent, 0), before.get(agent, 0)) for agent in ids]


async def _codes_of_agents(connection: AsyncConnection) -> dict[str, str]:
    found = await connection.execute(
        sa.select(codes.c.agent_id, codes.c.code)
        .join(agents, agents.c.id == codes.c.agent_id)
        .where(codes.c.kind != "event", agents.c.state.in_((ACTIVE, "suspended", "ended")))
    )
    return {row.agent_id: row.code for row in found}


async def campaigns(connection: AsyncConnection, since: dt.date, until: dt.date) -> list[Campaign]:
    """Return every campaign with what it brought in the span, the largest first."""
    brought = await by_key(connection, CAMPAIGN, since, until)
    found = await connection.execute(sa.select(codes.c.code, codes.c.title).where(codes.c.kind == CAMPAIGN))
    rows = [Campaign(code, title, brought.get(code, 0)) for code, title in found]
    return sorted(rows, key=lambda one: (-one.enrolled, one.code))
