"""What waits for staff besides open cases: enrolments to be keyed in, and what could not be delivered."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import handoffs
from storage.tables import cases, chats, contributions, enrolments, outbox, people

ENTER, BILL, PAY = STAGES = "enter", "bill", "pay"


class Work(NamedTuple):
    """An enrolment that waits for an operator.

    `stage` is "enter" (key it into the official channel), "bill" (the worker asked for a new code) or "pay" (its
    payment is to be looked for). Nothing in it is personal; `months` counts contribution months.
    """

    reference: str
    stage: str
    programmes: str
    months: int
    since: dt.datetime


async def work_list(connection: AsyncConnection, limit: int = 200) -> list[Work]:
    """Return the enrolments that wait for an operator, each stage's oldest first."""
    row = enrolments
    entered = row.c.state == "accepted"
    stage = sa.case((row.c.state == "waiting", ENTER), (_asked_since(), BILL), else_=PAY).label("stage")
    waits = sa.or_(
        row.c.state == "waiting", entered & _asked_since(), entered & row.c.bill.is_not(None) & ~_paid_since()
    )
    found = await connection.execute(
        sa.select(row.c.id, stage, row.c.programmes, row.c.months, row.c.updated_at)
        .join(people, people.c.id == row.c.person_id)
        .where(waits, people.c.data_key.is_not(None))
        .order_by(sa.case((row.c.state == "waiting", 0), (_asked_since(), 1), else_=2), row.c.updated_at, row.c.id)
        .limit(limit)
    )
    return [Work(*one) for one in found]


def _asked_since() -> sa.ColumnElement[bool]:
    """Whether something was handed off for the enrolment after its outcome or bill was last recorded."""
    return sa.exists().where(
        outbox.c.chat_id == enrolments.c.chat_id,
        outbox.c.lane == handoffs.LANE,
        outbox.c.order_key == sa.literal("enrolment ") + enrolments.c.id,
        outbox.c.created_at > enrolments.c.updated_at,
    )


def _paid_since() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        contributions.c.enrolment_id == enrolments.c.id, contributions.c.paid_at >= enrolments.c.updated_at
    )


async def occupation_of(connection: AsyncConnection, person_id: str) -> str:
    """Return the code of a person's occupation, "" if it is not known."""
    found = await connection.execute(sa.select(people.c.occupation).where(people.c.id == person_id))
    return found.scalar() or ""


async def case_numbered(connection: AsyncConnection, number: int) -> str | None:
    """Return the id of a case by the number that staff call it."""
    found: str | None = (await connection.execute(sa.select(cases.c.id).where(cases.c.number == number))).scalar()
    return found


async def dead_count(connection: AsyncConnection) -> int:
    """Count the rows of the outbox that were given up."""
    dead: sa.ColumnElement[bool] = sa.literal_column("state = 'dead'")
    return (await connection.execute(sa.select(sa.func.count()).select_from(outbox).where(dead))).scalar_one()


async def lock_chat(connection: AsyncConnection, chat_id: int) -> None:
    """Lock a chat before anything of it is changed besides a turn (law 11)."""
    await connection.execute(sa.select(chats.c.id).where(chats.c.id == chat_id).with_for_update())
