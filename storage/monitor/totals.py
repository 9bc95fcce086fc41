"""Totals of a span of days, read from the tallies: what the monitor shows, and what a simulation is held to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.monitor.tallies import (
    ACCEPTED,
    AGENT,
    CAMPAIGN,
    ECOSYSTEM,
    MONTHLY,
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

    Provinces are the first two digits of the NIK, sources the kinds of codes, "ad", "post", "other" or "direct"; an
    enrolment belongs to the day in Jakarta on which it was sent in.
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
        with_jht=with_jht(by[PROGRAMMES]),
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
    pieces = pieces_of(kind, since, until)
    total = sa.func.sum(pieces.c.n)
    found = await connection.execute(
        sa.select(pieces.c.key, total).group_by(pieces.c.key).order_by(total.desc(), pieces.c.key)
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


def with_jht(by_programmes: Mapping[str, int]) -> int:
    """Count those who took JHT too, of enrolments by programmes."""
    return sum(n for programmes, n in by_programmes.items() if "jht" in programmes.split(","))


async def registered_agents(connection: AsyncConnection) -> int:
    """Count the agents who were approved and are agents still; the sample of demo mode has no chat and is nobody."""
    approved = sa.and_(agents.c.state == ACTIVE, agents.c.chat_id.is_not(None))
    found = await connection.execute(sa.select(sa.func.count()).where(approved))
    return int(found.scalar_one())


def pieces_of(kind: str, since: dt.date, until: dt.date) -> sa.Subquery:
    """The tallies that make up a span: of whole months where it has any, of days at its ends."""
    first = since if since.day == 1 else (since.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
    last = until.replace(day=1)
    whole = ((kind, since, first), (kind + MONTHLY, first, last), (kind, last, until))
    pieces = whole if first < last else ((kind, since, until),)
    rows = sa.select(tallies.c.key, tallies.c.n)
    return sa.union_all(*(rows.where(tallies.c.kind == of, *_between(*span)) for of, *span in pieces)).subquery()


def _between(since: dt.date, until: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    return tallies.c.day >= day_number(since), tallies.c.day < day_number(until)
