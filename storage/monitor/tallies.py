"""Tallies: enrolments counted by the day on which they were sent in, so that no page walks all of them.

A turn that changes what is counted notes the day of its enrolment (`touch`, an insert of a row of its own, law 11);
afterwards `roll_up` counts each noted day anew from the enrolments themselves. So a payment for an enrolment of last
year corrects last year's day, and a tally can be thrown away and made again at any time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.months import JAKARTA, Month
from storage.database import Database
from storage.monitor.ecosystems import ecosystem
from storage.rows import insert_into
from storage.tables import agents, codes, contributions, enrolments, organisations, people, stored, tallies, touched

STATE = "state"
"""Enrolments by state; all other kinds count the accepted ones alone."""
AGENT, CAMPAIGN, SOURCE = "agent", "campaign", "source"
"""By the id of the agent whose link it was (a meeting's too), by a campaign's code, by where somebody came from."""
PROVINCE, ECOSYSTEM, PROGRAMMES = "province", "ecosystem", "programmes"
UNTIL, KEPT = "until", "kept"
"""By the last month that has a contribution ("" for none); by those months of `AFTER` that have one."""

WORKING = "working"
"""How many agents brought somebody; of days alone, since the months' would count an agent again each day."""

KINDS = (STATE, AGENT, CAMPAIGN, SOURCE, PROVINCE, ECOSYSTEM, PROGRAMMES, UNTIL, KEPT)
AFTER = (1, 3, 6, 12)
"""Months after the one of joining in which it is looked who still pays."""
MONTHLY = " monthly"
"""Added to a kind where a tally is that of the whole month which begins with its day."""
AT_ONCE = 8
"""Days of one month counted in one transaction, so that nobody waits for long."""
ACCEPTED = "accepted"
DIRECT = "direct"
"""The source of those who came by no link and no advertisement."""

EPOCH = dt.date(1970, 1, 1)
_DAY = stored(dt.datetime(1970, 1, 2, tzinfo=dt.UTC))
_AHEAD = stored(dt.datetime(1970, 1, 1, 7, tzinfo=dt.UTC))
"""How far Jakarta is ahead of UTC, in microseconds."""


def day_number(day: dt.date) -> int:
    """Return a day as it is stored: counted from 1 January 1970."""
    return (day - EPOCH).days


def day_of(number: int) -> dt.date:
    """Return the day of a number."""
    return EPOCH + dt.timedelta(days=number)


def first_day(month: Month) -> int:
    """Return the number of a month's first day."""
    return day_number(first_date(month))


def first_date(month: Month) -> dt.date:
    """Return a month's first day."""
    return dt.date(month.year, month.month, 1)


def midnight(day: dt.date) -> dt.datetime:
    """Return the moment at which a day begins in Jakarta."""
    return dt.datetime.combine(day, dt.time(), JAKARTA).astimezone(dt.UTC)


def in_jakarta(column: sa.Column[Any]) -> sa.ColumnElement[int]:
    """Return the number of the day of a moment, in SQL."""
    return (sa.type_coerce(column, sa.BigInteger) + _AHEAD) // _DAY


async def touch(connection: AsyncConnection, enrolment_id: str) -> None:
    """Note that an enrolment's day must be counted anew; one that is not known has none."""
    day = sa.select(in_jakarta(enrolments.c.created_at)).where(enrolments.c.id == enrolment_id)
    await connection.execute(insert_into(connection, touched).from_select(["day"], day))


async def roll_up(database: Database) -> None:
    """Count every noted day anew, the newest first, and sum up its month in the same transaction."""
    async with database.read() as connection:
        found = await connection.execute(sa.select(touched.c.day).distinct().order_by(touched.c.day.desc()))
        days = list(found.scalars())
    for month, of_month in groupby(days, key=lambda day: Month.of(day_of(day))):
        for some in _some(list(of_month)):
            async with database.write() as connection:
                await _count(connection, month, some)


def _some(days: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(days), AT_ONCE):
        yield days[start : start + AT_ONCE]


async def _count(connection: AsyncConnection, month: Month, days: list[int]) -> None:
    """Count days of a month anew. What is noted meanwhile stays noted: it may not be seen here yet."""
    if connection.dialect.name == "postgresql":
        # Two processes at one day: the one that saw less must not be the one that writes last.
        await connection.execute(sa.text("LOCK TABLE tallies IN SHARE ROW EXCLUSIVE MODE"))
    await connection.execute(sa.delete(touched).where(touched.c.day.in_(days)))
    await connection.execute(sa.delete(tallies).where(tallies.c.day.in_(days), tallies.c.kind.in_((*KINDS, WORKING))))
    for day in days:
        await connection.execute(sa.insert(tallies).from_select(_COLUMNS, _counts(day)))
    await _sum_up(connection, month)


async def _sum_up(connection: AsyncConnection, month: Month) -> None:
    """Make the tallies of a month from those of its days."""
    first, after = first_day(month), first_day(month.plus(1))
    monthly = sa.and_(tallies.c.day == first, tallies.c.kind.in_([kind + MONTHLY for kind in KINDS]))
    await connection.execute(sa.delete(tallies).where(monthly))
    summed = (
        sa.select(
            sa.literal(first, sa.Integer), tallies.c.kind.concat(MONTHLY), tallies.c.key, sa.func.sum(tallies.c.n)
        )
        .where(tallies.c.kind.in_(KINDS), tallies.c.day >= first, tallies.c.day < after)
        .group_by(tallies.c.kind, tallies.c.key)
    )
    await connection.execute(sa.insert(tallies).from_select(_COLUMNS, summed))


_COLUMNS = ["day", "kind", "key", "n"]


def _counts(day: int) -> sa.CompoundSelect[Any]:
    """Return what is counted of a day, in one statement, so that all of it tells of the same moment."""
    begin = midnight(day_of(day))
    of_day = sa.and_(enrolments.c.created_at >= begin, enrolments.c.created_at < begin + dt.timedelta(days=1))
    states = sa.select(*_labels(day, STATE), enrolments.c.state, sa.func.count()).where(of_day)
    mine = _accepted(of_day).cte("mine")
    by_column = (
        sa.select(*_labels(day, kind), mine.c[kind], sa.func.count()).group_by(mine.c[kind])
        for kind in KINDS
        if kind not in (STATE, KEPT)
    )
    agents_of = sa.select(*_labels(day, WORKING), sa.literal("", sa.Text), sa.func.count(sa.distinct(mine.c[AGENT])))
    working = agents_of.where(mine.c[AGENT] != "")
    return sa.union_all(states.group_by(enrolments.c.state), working, _kept(day, mine), *by_column)


def _kept(day: int, mine: sa.CTE) -> sa.Select[Any]:
    """Count whose contributions are recorded for the months in `AFTER`."""
    joined = Month.of(day_of(day))
    after = {str(joined.plus(months)): str(months) for months in AFTER}
    key = sa.case(after, value=contributions.c.month)
    return (
        sa.select(*_labels(day, KEPT), key, sa.func.count())
        .join(mine, mine.c.id == contributions.c.enrolment_id)
        .where(contributions.c.month.in_(after))
        .group_by(contributions.c.month)
    )


def _labels(day: int, kind: str) -> tuple[sa.ColumnElement[Any], ...]:
    return sa.literal(day, sa.Integer), sa.literal(kind, sa.Text)


def _accepted(of_day: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """The accepted enrolments of a day, with a column for each kind of tally."""
    until = sa.select(sa.func.max(contributions.c.month)).where(contributions.c.enrolment_id == enrolments.c.id)
    is_campaign = sa.case((codes.c.kind == CAMPAIGN, codes.c.code), else_="")
    return (
        sa.select(
            enrolments.c.id,
            sa.func.coalesce(codes.c.agent_id, "").label(AGENT),
            is_campaign.label(CAMPAIGN),
            _source().label(SOURCE),
            sa.func.substr(people.c.regency, 1, 2).label(PROVINCE),
            ecosystem(enrolments.c.cohort, organisations.c.kind, people.c.occupation).label(ECOSYSTEM),
            enrolments.c.programmes.label(PROGRAMMES),
            sa.func.coalesce(until.scalar_subquery(), "").label(UNTIL),
        )
        .join(people, people.c.id == enrolments.c.person_id)
        .outerjoin(codes, codes.c.code == people.c.agent)
        .outerjoin(agents, agents.c.id == codes.c.agent_id)
        .outerjoin(organisations, organisations.c.id == agents.c.organisation_id)
        .where(of_day, enrolments.c.state == ACCEPTED)
    )


def _source() -> sa.ColumnElement[str]:
    """What led somebody here: the kind of the code they came by, "ad", "post" or "other" as the messenger told, or
    `DIRECT`."""
    told = people.c.source
    otherwise = sa.case((told == "", DIRECT), (told.like("ad:%"), "ad"), (told.like("post:%"), "post"), else_="other")
    return sa.func.coalesce(codes.c.kind, otherwise)
