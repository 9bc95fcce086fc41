"""Totals of a span of days, read from the tallies: what the monitor shows, and what a simulation is held to."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.monitor.tallies import (
    ACCEPTED,
    AGENT,
    CAMPAIGN,
    ECOSYSTEM,
    PROGRAMMES,
    PROVINCE,
    SOURCE,
    STATE,
    UNTIL,
    day_number,
    day_of,
)
from storage.tables import agents, tallies

ACTIVE = "active"
"""The state of an agent who was approved and is one still."""


class Totals(NamedTuple):
    """A span of days: agents registered, and of whom somebody enrolled in it (`active`); enrolments accepted, those
    with JHT, those with a contribution recorded; and the accepted ones by day and by closed lists.

    Provinces are the first two digits of the NIK, sources the kinds of codes, "ad" or "direct"; an enrolment belongs to
    the day in Jakarta on which it was sent in.
    """

    registered: int
    active: int
    enrolled: int
    with_jht: int
    paid: int
    by_day: dict[dt.date, int]
    by_programmes: dict[str, int]
    by_province: dict[str, int]
    by_ecosystem: dict[str, int]
    by_source: dict[str, int]
    by_campaign: dict[str, int]


async def totals(connection: AsyncConnection, since: dt.date, until: dt.date) -> Totals:
    """Return the totals of the days from `since` until before `until`; `tallies.roll_up` first for the very newest."""
    kinds = (AGENT, CAMPAIGN, SOURCE, PROVINCE, ECOSYSTEM, PROGRAMMES, UNTIL)
    by = {kind: await by_key(connection, kind, since, until) for kind in kinds}
    days = await by_day(connection, STATE, ACCEPTED, since, until)
    return Totals(
        registered=await registered_agents(connection),
        active=sum(1 for agent in by[AGENT] if agent),
        enrolled=sum(days.values()),
        with_jht=sum(n for programmes, n in by[PROGRAMMES].items() if "jht" in programmes.split(",")),
        paid=sum(n for month, n in by[UNTIL].items() if month),
        by_day=days,
        by_programmes=by[PROGRAMMES],
        by_province=by[PROVINCE],
        by_ecosystem=by[ECOSYSTEM],
        by_source=by[SOURCE],
        by_campaign={code: n for code, n in by[CAMPAIGN].items() if code},
    )


async def by_key(connection: AsyncConnection, kind: str, since: dt.date, until: dt.date) -> dict[str, int]:
    """Sum the tallies of a kind by key, the largest first."""
    total = sa.func.sum(tallies.c.n)
    found = await connection.execute(
        sa.select(tallies.c.key, total)
        .where(tallies.c.kind == kind, *_between(since, until))
        .group_by(tallies.c.key)
        .order_by(total.desc(), tallies.c.key)
    )
    return {key: int(n) for key, n in found}


async def by_day(
    connection: AsyncConnection, kind: str, key: str, since: dt.date, until: dt.date
) -> dict[dt.date, int]:
    """Return one tally by day, in order; a day without any is left out."""
    found = await connection.execute(
        sa.select(tallies.c.day, tallies.c.n)
        .where(tallies.c.kind == kind, tallies.c.key == key, *_between(since, until))
        .order_by(tallies.c.day)
    )
    return {day_of(day): n for day, n in found}


async def registered_agents(connection: AsyncConnection) -> int:
    """Count the agents who were approved and are agents still."""
    found = await connection.execute(sa.select(sa.func.count()).where(agents.c.state == ACTIVE))
    return int(found.scalar_one())


def _between(since: dt.date, until: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    return tallies.c.day >= day_number(since), tallies.c.day < day_number(until)
