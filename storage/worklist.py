"""What waits for staff besides open cases: enrolments to be keyed in, and what could not be delivered."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import handoffs
from storage.tables import Moment, cases, chats, contributions, enrolments, operators, outbox, people, work_claims

ENTER, BILL, PAY = STAGES = "enter", "bill", "pay"


PROMISE = dt.timedelta(days=1)
"""1×24 h: how soon the worker hears of an enrolment or a new code."""


class Work(NamedTuple):
    """An enrolment that waits for an operator.

    `stage` is "enter" (key it into the official channel), "bill" (the worker asked for a new code) or "pay" (its
    payment is to be looked for). Nothing in it is personal; `months` counts contribution months. `holder` is the name
    of who has it now, "" for nobody.
    """

    reference: str
    stage: str
    programmes: str
    months: int
    since: dt.datetime
    holder: str

    @property
    def due_at(self) -> dt.datetime | None:
        """Until when the worker was promised to hear of it; a payment has no promise."""
        return None if self.stage == PAY else self.since + PROMISE


async def work_list(connection: AsyncConnection, now: dt.datetime, limit: int = 500) -> list[Work]:
    """Return the enrolments that wait for an operator: by stage, who waits longest first."""
    row = enrolments
    asked = _asked_at()
    stage = sa.case((row.c.state == "waiting", ENTER), (asked.is_not(None), BILL), else_=PAY)
    since = sa.case((row.c.state == "waiting", row.c.updated_at), else_=sa.func.coalesce(asked, row.c.updated_at))
    unpaid = row.c.bill.is_not(None) & ~_paid_since()
    waits = sa.or_(row.c.state == "waiting", (row.c.state == "accepted") & (asked.is_not(None) | unpaid))
    held = sa.and_(work_claims.c.enrolment_id == row.c.id, work_claims.c.until > now)
    found = await connection.execute(
        sa.select(
            row.c.id,
            stage.label("stage"),
            row.c.programmes,
            row.c.months,
            sa.type_coerce(since, Moment).label("since"),
            sa.func.coalesce(operators.c.name, ""),
        )
        .join(people, people.c.id == row.c.person_id)
        .outerjoin(work_claims, held)
        .outerjoin(operators, operators.c.id == work_claims.c.operator_id)
        .where(waits, people.c.data_key.is_not(None))
        .order_by(sa.case((row.c.state == "waiting", 0), (asked.is_not(None), 1), else_=2), since, row.c.id)
        .limit(limit)
    )
    return [Work(*one) for one in found]


def _asked_at() -> sa.ScalarSelect[dt.datetime]:
    """When something was handed off for the enrolment after its outcome or bill was last recorded."""
    asked = sa.select(sa.func.min(outbox.c.created_at)).where(
        outbox.c.chat_id == enrolments.c.chat_id,
        outbox.c.lane == handoffs.LANE,
        outbox.c.order_key == sa.literal("enrolment ") + enrolments.c.id,
        outbox.c.created_at > enrolments.c.updated_at,
    )
    return asked.correlate(enrolments).scalar_subquery()


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
