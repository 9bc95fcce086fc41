"""What became of those who came through an agent: figures only, nothing about anybody."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import contributions, enrolments, people


class Reached(NamedTuple):
    """How many of an agent's people were enrolled, and how many of these have a contribution recorded."""

    enrolled: int
    paid: int


async def reached(connection: AsyncConnection, agent: str) -> Reached:
    """Count what came of an agent's code."""
    paid = sa.exists().where(contributions.c.enrolment_id == enrolments.c.id)
    found = await connection.execute(
        sa.select(sa.func.count(), sa.func.count(sa.case((paid, 1))))
        .select_from(enrolments.join(people, enrolments.c.person_id == people.c.id))
        .where(people.c.agent == agent, enrolments.c.state == "accepted")
    )
    return Reached(*found.one())
