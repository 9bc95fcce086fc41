"""What a coordinator sees: for each agent of their own organisation how many came, and never who."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.months import Month
from storage.agents import Agent, agents_of
from storage.sealing import KeyRing
from storage.tables import agents, attributions, codes, contributions, enrolments, openings, people


class Member(NamedTuple):
    """An agent of a team and what came of their codes since a moment; `staying` have a contribution for this month or
    the last."""

    agent: Agent
    opened: int
    started: int
    enrolled: int
    staying: int


class Earned(NamedTuple):
    """What an organisation's rules count for an agent in a month: enrolments accepted, contribution months recorded."""

    enrolments: int
    payments: int


async def team(
    connection: AsyncConnection, keys: KeyRing, organisation_id: str, since: dt.datetime, month: Month
) -> list[Member]:
    """Return the active agents of an organisation with their figures, who enrolled most first."""
    counted = {
        stage: dict(map(tuple, await connection.execute(statement)))
        for stage, statement in _stages(organisation_id, since, month).items()
    }
    found = [
        Member(agent, *(counted[stage].get(agent.id, 0) for stage in ("opened", "started", "enrolled", "staying")))
        for agent in await agents_of(connection, keys, organisation_id)
    ]
    return sorted(found, key=lambda member: (-member.enrolled, -member.opened, member.agent.data.get("name", "")))


def _stages(organisation_id: str, since: dt.datetime, month: Month) -> dict[str, sa.Select[Any]]:
    def counted(count: Any, code: sa.Column[Any]) -> sa.Select[Any]:
        by_agent = sa.select(codes.c.agent_id, count).select_from(code.table).join(codes, codes.c.code == code)
        joined = by_agent.join(agents, agents.c.id == codes.c.agent_id)
        return joined.where(agents.c.organisation_id == organisation_id).group_by(codes.c.agent_id)

    chats = sa.func.count(sa.distinct(attributions.c.chat_id))
    accepted = counted(sa.func.count(enrolments.c.id), people.c.agent).join(
        enrolments, sa.and_(enrolments.c.person_id == people.c.id, enrolments.c.state == "accepted")
    )
    accepted = accepted.where(enrolments.c.created_at >= since)
    lately = sa.and_(contributions.c.enrolment_id == enrolments.c.id, contributions.c.month >= str(month.plus(-1)))
    return {
        "opened": counted(sa.func.count(openings.c.n), openings.c.code).where(openings.c.at >= since),
        "started": counted(chats, attributions.c.code).where(attributions.c.at >= since, attributions.c.kept),
        "enrolled": accepted,
        "staying": accepted.where(sa.exists().where(lately)),
    }


async def earned(connection: AsyncConnection, of: list[str], since: dt.datetime, month: Month) -> Earned:
    """Count what came of an agent's codes in a month that began at `since`."""
    mine = sa.select(enrolments.c.id).join(people, people.c.id == enrolments.c.person_id).where(people.c.agent.in_(of))
    accepted = mine.where(enrolments.c.state == "accepted")
    fresh = accepted.where(enrolments.c.created_at >= since).subquery()
    paid = sa.select(contributions.c.month).where(
        contributions.c.enrolment_id.in_(accepted), contributions.c.month == str(month)
    )
    enrolled = await connection.scalar(sa.select(sa.func.count()).select_from(fresh))
    payments = await connection.scalar(sa.select(sa.func.count()).select_from(paid.subquery()))
    return Earned(enrolled or 0, payments or 0)
