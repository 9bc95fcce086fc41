"""What became of those who came by an agent's codes: counts by week, and the few words an agent may see of a person.

Counts hold nothing about anybody. A person is named, by the first word of their name alone, only where they agreed that
their agent sees how it goes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.months import JAKARTA, Month
from conversations.turn import Came
from storage.people import people_with_ids
from storage.sealing import KeyRing, Wrapped
from storage.tables import (
    EPOCH,
    agents,
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
    """A person as their agent may see them: the first word of the name, the last month paid ("" for none); where they
    are (`chat_id`, `person` in it) and by which `code` they came is for us."""

    name: str
    paid_until: str
    chat_id: int
    person: int
    code: str


class Meeting(NamedTuple):
    """A meeting that an agent holds: its code, what it is called, how often its link was opened and a chat begun, and
    how many of those were enrolled."""

    code: str
    label: str
    opened: int
    started: int
    enrolled: int


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


async def came(connection: AsyncConnection, of: Sequence[str], month: Month) -> Came:
    """Return what came of some codes in the month that runs."""
    stages = _stages(of, begins(month), month)
    return Came(**{stage: sum(row[1] for row in await connection.execute(s)) for stage, s in stages.items()})


def begins(month: Month) -> dt.datetime:
    """Return the moment at which a month begins in Jakarta."""
    return dt.datetime(month.year, month.month, 1, tzinfo=JAKARTA)


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
    latest = lets_agent_see(people.c.chat_id, people.c.number)
    found = await connection.execute(
        sa.select(people.c.id, last.label("until"), people.c.chat_id, people.c.number, people.c.agent)
        .join(enrolments, enrolments.c.person_id == people.c.id)
        .outerjoin(contributions, contributions.c.enrolment_id == enrolments.c.id)
        .where(people.c.agent.in_(of), enrolments.c.state == "accepted", people.c.erased_at.is_(None), latest)
        .group_by(people.c.id)
        .order_by(last, people.c.id)
        .limit(limit)
    )
    rows = found.all()
    ids = tuple(row.id for row in rows)
    known = {person.id: person.opened() for person in await people_with_ids(connection, keys, ids)}
    return [Followed(first_name(known[row.id]), row.until, row.chat_id, row.number, row.agent) for row in rows]


def first_name(data: Mapping[str, str]) -> str:
    """Return the first word of somebody's name, all that an agent sees of it."""
    return data.get("name", "").partition(" ")[0]


def lets_agent_see(chat: sa.ColumnElement[int], person: sa.ColumnElement[int]) -> sa.ScalarSelect[bool]:
    """Tell, in SQL, what somebody said last about whether their agent sees how it goes."""
    said = consents.alias()
    about_agent = sa.and_(said.c.chat_id == chat, said.c.person == person, said.c.purpose == "agent")
    return sa.select(said.c.given).where(about_agent).order_by(said.c.id.desc()).limit(1).scalar_subquery()


async def meetings(connection: AsyncConnection, keys: KeyRing, agent_id: str) -> list[Meeting]:
    """Return the meetings of an agent with what came of each, the newest first."""
    of = codes.c.code
    opened = sa.select(sa.func.count()).where(openings.c.code == of).scalar_subquery()
    started = _came_by(of)
    enrolled = (
        sa.select(sa.func.count())
        .select_from(people)
        .join(enrolments, enrolments.c.person_id == people.c.id)
        .where(people.c.agent == of, enrolments.c.state == "accepted")
        .scalar_subquery()
    )
    found = await connection.execute(
        sa.select(of, codes.c.label, agents.c.key_id, agents.c.data_key, opened, started, enrolled)
        .join(agents, agents.c.id == codes.c.agent_id)
        .where(codes.c.agent_id == agent_id, codes.c.kind == "event", codes.c.label.is_not(None))
        .order_by(codes.c.created_at.desc())
    )
    return [_meeting(keys, agent_id, *row) for row in found]


def _came_by(code: sa.ColumnElement[str]) -> sa.ScalarSelect[int]:
    count = sa.func.count(sa.distinct(attributions.c.chat_id))
    return sa.select(count).where(attributions.c.code == code, attributions.c.kept).scalar_subquery()


def _meeting(
    keys: KeyRing, agent_id: str, code: str, label: bytes, key_id: str, data_key: bytes, *counts: int
) -> Meeting:
    key = keys.unwrap(Wrapped(key_id, data_key), f"agents.{agent_id}")
    return Meeting(code, key.open(label, f"codes.label.{code}").decode(), *counts)
