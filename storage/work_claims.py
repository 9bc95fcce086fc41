"""Who keys an enrolment in at the moment: one operator at a time, for a while that each act of theirs prolongs."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import operators, work_claims

HELD_FOR = dt.timedelta(minutes=30)
"""How long an enrolment stays with an operator who does nothing about it."""


class WorkClaim(NamedTuple):
    """Who has an enrolment, and until when."""

    operator_id: str
    name: str
    until: dt.datetime


async def claim(
    connection: AsyncConnection, enrolment_id: str, operator_id: str, now: dt.datetime, span: dt.timedelta = HELD_FOR
) -> bool:
    """Take an enrolment or keep it longer; tell whether it is this operator's now."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {"enrolment_id": enrolment_id, "operator_id": operator_id, "since": now, "until": now + span}
    taken = insert(work_claims).values(values)
    later = sa.case((work_claims.c.until > taken.excluded.until, work_claims.c.until), else_=taken.excluded.until)
    mine = work_claims.c.operator_id == operator_id
    changed = {"operator_id": operator_id, "until": sa.case((mine, later), else_=taken.excluded.until)}
    free = sa.or_(mine, work_claims.c.until <= now)
    statement = taken.on_conflict_do_update(index_elements=["enrolment_id"], set_=changed, where=free)
    return (await connection.execute(statement.returning(work_claims.c.enrolment_id))).first() is not None


async def release(connection: AsyncConnection, enrolment_id: str, operator_id: str) -> None:
    """Give an enrolment back; another operator's is left alone."""
    mine = sa.and_(work_claims.c.enrolment_id == enrolment_id, work_claims.c.operator_id == operator_id)
    await connection.execute(sa.delete(work_claims).where(mine))


async def release_all(connection: AsyncConnection, operator_id: str) -> int:
    """Give back all that an operator has; return how many that was."""
    return (await connection.execute(sa.delete(work_claims).where(work_claims.c.operator_id == operator_id))).rowcount


async def claim_of(connection: AsyncConnection, enrolment_id: str, now: dt.datetime) -> WorkClaim | None:
    """Return who has an enrolment now."""
    found = await connection.execute(
        sa.select(work_claims.c.operator_id, operators.c.name, work_claims.c.until)
        .join(operators, operators.c.id == work_claims.c.operator_id)
        .where(work_claims.c.enrolment_id == enrolment_id, work_claims.c.until > now)
    )
    row = found.first()
    return WorkClaim(*row) if row else None
