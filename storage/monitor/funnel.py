"""How far people come: counted from the newest chats, so that it takes the same time however many there are.

The chats' rows change with every message, and an index on where they stand would cost each of these messages more than
these figures are worth. So what is read is bounded: the newest chats, the newest messages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.monitor.tallies import ACCEPTED
from storage.tables import chats, contributions, enrolments, inbound, openings, stored

MOST_CHATS, MOST_ANSWERS = 5_000, 2_000
"""So many chats, and so many messages, are looked at."""


class Stop(NamedTuple):
    """Chats without an enrolment that stand at a step of a flow: all of them, and those silent for some time."""

    flow: str
    step: str
    chats: int
    silent: int


class Funnel(NamedTuple):
    """Links opened since a moment; of the newest chats begun since then, how many there are, where those without an
    enrolment stand, and how many have one handed on, accepted, and with a contribution recorded."""

    opened: int
    begun: int
    stops: list[Stop]
    handed: int
    accepted: int
    paid: int


class Answering(NamedTuple):
    """A step: how many answers to it were looked at, the seconds until the middle one came, and the per cent that
    could not be read."""

    step: str
    answers: int
    seconds: int
    unread: int


async def funnel(connection: AsyncConnection, since: dt.datetime, silent_since: dt.datetime) -> Funnel:
    """Count how far the chats came that began since a moment, the newest `MOST_CHATS` of them."""
    opened = await connection.execute(sa.select(sa.func.count()).where(openings.c.at >= since))
    rows = (await connection.execute(_reached(since, silent_since))).all()
    stops = [Stop(row.flow, row.step, row.chats, int(row.silent)) for row in rows if not row.reached]
    by_stage = [sum(row.chats for row in rows if row.reached >= stage) for stage in (1, 2, 3)]
    return Funnel(int(opened.scalar_one()), sum(row.chats for row in rows), stops, *by_stage)


def _reached(since: dt.datetime, silent_since: dt.datetime) -> sa.Select[Any]:
    """Group the chats by where they stand and how far they came: 1 handed on, 2 accepted, 3 paid."""
    newest = (
        sa.select(chats.c.id, chats.c.flow, chats.c.step, chats.c.last_in_at, chats.c.created_at)
        .order_by(chats.c.id.desc())
        .limit(MOST_CHATS)
        .subquery()
    )
    paid = sa.exists().where(contributions.c.enrolment_id == enrolments.c.id)
    stage = sa.case((enrolments.c.state != ACCEPTED, 1), (paid, 3), else_=2)
    reached = sa.select(sa.func.max(stage)).where(enrolments.c.chat_id == newest.c.id).scalar_subquery()
    each = (
        sa.select(newest.c.flow, newest.c.step, newest.c.last_in_at, sa.func.coalesce(reached, 0).label("reached"))
        .where(newest.c.created_at >= since)
        .subquery()
    )
    silent = sa.func.sum(sa.case((each.c.last_in_at < silent_since, 1), else_=0))
    where = (each.c.flow, each.c.step, each.c.reached)
    return sa.select(*where, sa.func.count().label("chats"), silent.label("silent")).group_by(*where)


async def answering(connection: AsyncConnection, flow: str, of: Sequence[str]) -> list[Answering]:
    """Tell how long the newest answers to the steps of a flow took, in the order of the steps."""
    took: dict[str, list[int]] = {step: [] for step in of}
    unread = dict.fromkeys(of, 0)
    for step, outcome, microseconds in await connection.execute(_answers(flow)):
        if step in took and microseconds is not None:
            took[step].append(microseconds // _SECOND)
            unread[step] += outcome == "problem"
    return [
        Answering(step, len(seconds), sorted(seconds)[len(seconds) // 2], round(100 * unread[step] / len(seconds)))
        for step, seconds in took.items()
        if seconds
    ]


_SECOND = stored(dt.datetime(1970, 1, 1, 0, 0, 1, tzinfo=dt.UTC))


def _answers(flow: str) -> sa.Select[Any]:
    """The newest answers, each with the time since what came into the chat before it: then the question was asked."""
    before = inbound.alias("before")
    at = sa.select(sa.type_coerce(before.c.at, sa.BigInteger)).where(
        before.c.chat_id == inbound.c.chat_id, before.c.line < inbound.c.line
    )
    asked = at.order_by(before.c.line.desc()).limit(1).scalar_subquery()
    newest = (
        sa.select(inbound.c.chat_id, inbound.c.line, inbound.c.flow, inbound.c.step, inbound.c.outcome, inbound.c.at)
        .order_by(inbound.c.at.desc())
        .limit(MOST_ANSWERS)
        .subquery()
    )
    took = sa.type_coerce(inbound.c.at, sa.BigInteger) - asked
    return (
        sa.select(inbound.c.step, inbound.c.outcome, took)
        .join(newest, sa.and_(newest.c.chat_id == inbound.c.chat_id, newest.c.line == inbound.c.line))
        .where(inbound.c.flow == flow, inbound.c.outcome.in_(("answered", "problem")))
    )
