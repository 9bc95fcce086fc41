"""How it grows: enrolments by hour, what each agent's link brought, what campaigns brought."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.monitor.tallies import ACCEPTED, AGENT, CAMPAIGN
from storage.monitor.totals import by_key, pieces_of
from storage.tables import codes, enrolments, stored

_HOUR = stored(dt.datetime(1970, 1, 1, 1, tzinfo=dt.UTC))


class Grown(NamedTuple):
    """An agent by their own code: enrolments in a span of days and in the span of the same length before it."""

    code: str
    now: int
    before: int


class Campaign(NamedTuple):
    """A campaign: its code, its title, enrolments in a span of days."""

    code: str
    title: str
    enrolled: int


async def by_hour(connection: AsyncConnection, since: dt.datetime) -> dict[dt.datetime, int]:
    """Return the accepted enrolments since a moment by the hour in which they were sent in; empty hours are left
    out."""
    hour = sa.type_coerce(enrolments.c.created_at, sa.BigInteger) // _HOUR
    found = await connection.execute(
        sa.select(hour, sa.func.count())
        .where(enrolments.c.created_at >= since, enrolments.c.state == ACCEPTED)
        .group_by(sa.literal_column("1"))
        .order_by(sa.literal_column("1"))
    )
    return {dt.datetime.fromtimestamp(int(number) * 3600, dt.UTC): n for number, n in found}


class Field(NamedTuple):
    """The agents of whom somebody enrolled in a span: how many they are, how many enrolled."""

    agents: int
    enrolled: int


async def working(connection: AsyncConnection, since: dt.date, until: dt.date) -> Field:
    """Count the agents who brought somebody in the span, and whom they brought."""
    pieces = pieces_of(AGENT, since, until)
    # Grouped, not counted as distinct: PostgreSQL would sort all keys for that.
    each = sa.select(sa.func.sum(pieces.c.n).label("n")).where(pieces.c.key != "").group_by(pieces.c.key).subquery()
    brought, enrolled = (await connection.execute(sa.select(sa.func.count(), sa.func.sum(each.c.n)))).one()
    return Field(brought, int(enrolled or 0))


async def grown(connection: AsyncConnection, since: dt.date, until: dt.date, most: int | None = None) -> list[Grown]:
    """Return the agents who brought somebody in the span or in the one before it, who brought most now first."""
    now, before = (pieces_of(AGENT, *span) for span in ((since, until), (since - (until - since), since)))
    none = sa.literal(0)
    both = sa.union_all(
        sa.select(now.c.key, now.c.n.label("now"), none.label("before")),
        sa.select(before.c.key, none, before.c.n),
    ).subquery()
    sums = [sa.func.sum(both.c.now).label("now"), sa.func.sum(both.c.before).label("before")]
    each = sa.select(both.c.key, *sums).where(both.c.key != "").group_by(both.c.key).subquery()
    own = sa.and_(codes.c.agent_id == each.c.key, codes.c.kind != "event")
    found = await connection.execute(
        sa.select(sa.func.coalesce(codes.c.code, "–"), each.c.now, each.c.before)
        .outerjoin_from(each, codes, own)
        .order_by(each.c.now.desc(), each.c.before.desc(), each.c.key)
        .limit(most)
    )
    return [Grown(code, int(brought), int(earlier)) for code, brought, earlier in found]


async def campaigns(connection: AsyncConnection, since: dt.date, until: dt.date) -> list[Campaign]:
    """Return every campaign with what it brought in the span, the largest first."""
    brought = await by_key(connection, CAMPAIGN, since, until)
    found = await connection.execute(sa.select(codes.c.code, codes.c.title).where(codes.c.kind == CAMPAIGN))
    rows = [Campaign(code, title, brought.get(code, 0)) for code, title in found]
    return sorted(rows, key=lambda one: (-one.enrolled, one.code))
