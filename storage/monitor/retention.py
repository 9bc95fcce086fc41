"""Who stays: of those who joined in a month, how many have a contribution for the month so many months later."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.months import Month
from storage.monitor.tallies import ACCEPTED, AFTER, EPOCH, KEPT, MONTHLY, STATE, UNTIL, day_of, first_date, first_day
from storage.monitor.totals import by_key
from storage.tables import tallies

GRACE = 1
"""Months after its own in which a contribution is still in time: it is due on the 15th of the next one."""


class Cohort(NamedTuple):
    """Those who joined in a month: how many, and by months after it how many still paid. A month whose contribution
    need not be paid yet is left out."""

    month: Month
    joined: int
    paying: dict[int, int]


class Standing(NamedTuple):
    """All who ever joined, and those of them with a contribution for the running month, the last one, or later."""

    registered: int
    active: int


async def cohorts(connection: AsyncConnection, running: Month, months: int) -> list[Cohort]:
    """Return the cohorts of so many months up to the running one, the oldest first; a month nobody joined in is out."""
    first = running.plus(1 - months)
    joined: Counter[Month] = Counter()
    paying: Counter[tuple[Month, str]] = Counter()
    for day, kind, key, n in await connection.execute(_cohorts(first)):
        month = Month.of(day_of(day))
        if kind == STATE + MONTHLY:
            joined[month] = n
        else:
            paying[month, key] = n
    return [
        Cohort(month, joined[month], {n: paying[month, str(n)] for n in AFTER if _is_over(month.plus(n), running)})
        for month in sorted(joined)
    ]


def _cohorts(first: Month) -> sa.Select[Any]:
    accepted = sa.and_(tallies.c.kind == STATE + MONTHLY, tallies.c.key == ACCEPTED)
    return sa.select(tallies.c.day, tallies.c.kind, tallies.c.key, tallies.c.n).where(
        sa.or_(accepted, tallies.c.kind == KEPT + MONTHLY), tallies.c.day >= first_day(first)
    )


def _is_over(month: Month, running: Month) -> bool:
    return month.until(running) > GRACE


def kept_of(found: list[Cohort], after: int) -> tuple[int, int]:
    """Return, of all cohorts old enough, how many joined and how many of them paid so many months later."""
    old = [cohort for cohort in found if after in cohort.paying]
    return sum(cohort.joined for cohort in old), sum(cohort.paying[after] for cohort in old)


async def standing(connection: AsyncConnection, running: Month) -> Standing:
    """Count all members and those who are active in the running month."""
    until = await by_key(connection, UNTIL, EPOCH, first_date(running.plus(1)))
    recent = str(running.plus(-GRACE))
    return Standing(sum(until.values()), sum(n for month, n in until.items() if month >= recent))
