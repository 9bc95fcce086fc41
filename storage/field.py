"""What became of those who came by an agent's codes: counts by week, and the few words an agent may see of a person.

Counts hold nothing about anybody. A person is named, by the first word of their name alone, only where they agreed that
their agent sees how it goes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.months import Month
from storage.people import people_with_ids
from storage.sealing import KeyRing
from storage.tables import (
    EPOCH,
    attributions,
    chats,
    codes,
    consents,
    contributions,
    enrolments,
    openings,
    people,
    stored,
)

WEEK = stored(EPOCH + dt.timedelta(days=7))
MONDAY = stored(dt.datetime(1970, 1, 4, 17, tzinfo=dt.UTC))
"""The first Monday of 1970 in Jakarta, in microseconds."""


class Week(NamedTuple):
    """One week from `monday`: links opened, chats started, consents, enrolments accepted; of these enrolments, how many
    have a contribution recorded and how many still have one for this month or the last."""

    monday: dt.date
    opened: int = 0
    started: int = 0
    consented: int = 0
    enrolled: int = 0
    paid: int = 0
    staying: int = 0


class Followed(NamedTuple):
    """A person as their agent may see them: the first word of the name, the last month paid ("" for none)."""

    name: str
    paid_until: str


async def codes_of(connection: AsyncConnection, agent_id: str) -> list[str]:
    """Return every code of an agent, those of their meetings too."""
    found = await connection.execute(sa.select(codes.c.code).where(codes.c.agent_id == agent_id))
    return list(found.scalars())


async def weeks(connection: AsyncConnection, of: Sequence[str], since: dt.datetime, month: Month) -> list[Week]:
    """Return the funnel of some codes by week, the newest first; `month` is the one that runs."""
    counted: dict[int, dict[str, int]] = {}
    for stage, statement in _stages(of, since, month).items():
        for week, count in await connection.execute(statement):
            counted.setdefault(week, {})[stage] = count
    return [Week(_monday(week), **counted[week]) for week in sorted(counted, reverse=True)]


def _stages(of: Sequence[str], since: dt.datetime, month: Month) -> dict[str, sa.Select[Any]]:
    came = sa.select(attributions.c.chat_id).where(attributions.c.code.in_(of), attributions.c.kept)
    started = sa.func.count(sa.distinct(attributions.c.chat_id))
    accepted = (
        sa.select(_week(enrolments.c.created_at), sa.func.count())
        .join(people, people.c.id == enrolments.c.person_id)
        .where(people.c.agent.in_(of), enrolments.c.state == "accepted", enrolments.c.created_at >= since)
        .group_by(sa.literal_column("1"))
    )
    paid = sa.exists().where(contributions.c.enrolment_id == enrolments.c.id)
    return {
        "opened": _by_week(openings.c.at, since).where(openings.c.code.in_(of)),
        "started": _by_week(attributions.c.at, since, started).where(attributions.c.code.in_(of), attributions.c.kept),
        "consented": _by_week(consents.c.at, since).where(
            consents.c.purpose == "enrol", consents.c.given, consents.c.chat_id.in_(came)
        ),
        "enrolled": accepted,
        "paid": accepted.where(paid),
        "staying": accepted.where(paid.where(contributions.c.month >= str(month.plus(-1)))),
    }


def _by_week(column: sa.Column[Any], since: dt.datetime, count: Any = None) -> sa.Select[Any]:
    counted = sa.func.count() if count is None else count
    return sa.select(_week(column), counted).where(column >= since).group_by(sa.literal_column("1"))


def _week(column: sa.Column[Any]) -> sa.ColumnElement[int]:
    return (sa.type_coerce(column, sa.BigInteger) - MONDAY) // WEEK


def _monday(week: int) -> dt.date:
    return dt.date(1970, 1, 5) + dt.timedelta(weeks=week)


async def stopped_at(connection: AsyncConnection, of: Sequence[str]) -> dict[str, int]:
    """Count the chats that came by these codes and stopped before an enrolment, by the step they were last asked."""
    handed_on = sa.exists().where(enrolments.c.chat_id == chats.c.id)
    found = await connection.execute(
        sa.select(chats.c.step, sa.func.count(sa.distinct(chats.c.id)))
        .join(attributions, attributions.c.chat_id == chats.c.id)
        .where(attributions.c.code.in_(of), attributions.c.kept, chats.c.flow == "enrolment", ~handed_on)
        .group_by(chats.c.step)
        .order_by(sa.func.count(sa.distinct(chats.c.id)).desc())
    )
    return {row[0]: row[1] for row in found}


async def followed(connection: AsyncConnection, keys: KeyRing, of: Sequence[str], limit: int) -> list[Followed]:
    """Return those who agreed to be seen, who must pay soonest first."""
    last = sa.func.coalesce(sa.func.max(contributions.c.month), "")
    latest = (
        sa.select(consents.c.given)
        .where(
            consents.c.chat_id == people.c.chat_id,
            consents.c.person == people.c.number,
            consents.c.purpose == "agent",
        )
        .order_by(consents.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = await connection.execute(
        sa.select(people.c.id, last)
        .join(enrolments, enrolments.c.person_id == people.c.id)
        .outerjoin(contributions, contributions.c.enrolment_id == enrolments.c.id)
        .where(people.c.agent.in_(of), enrolments.c.state == "accepted", people.c.erased_at.is_(None), latest)
        .group_by(people.c.id)
        .order_by(last, people.c.id)
        .limit(limit)
    )
    until = {row[0]: row[1] for row in found}
    known = {person.id: person.opened() for person in await people_with_ids(connection, keys, tuple(until))}
    return [Followed(known[person].get("name", "").partition(" ")[0], month) for person, month in until.items()]
