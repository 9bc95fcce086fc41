"""How it grows: enrolments by hour, what each agent's link brought, what campaigns brought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
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
    earlier = (since - (until - since), since)
    leading = await _brought(connection, since, until, most) if most else {}
    if most and len(leading) == most:
        # A page shows the first of thousands: what they brought before is looked up for them alone.
        brought, before = leading, await _brought(connection, *earlier, of=leading)
    else:
        brought, before = await _brought(connection, since, until), await _brought(connection, *earlier)
    keys = sorted(brought.keys() | before.keys(), key=lambda key: (-brought.get(key, 0), -before.get(key, 0), key))
    own = await _own_codes(connection, keys[:most])
    return [Grown(own.get(key, "–"), brought.get(key, 0), before.get(key, 0)) for key in keys[:most]]


async def _brought(
    connection: AsyncConnection,
    since: dt.date,
    until: dt.date,
    most: int | None = None,
    of: Iterable[str] | None = None,
) -> dict[str, int]:
    """Sum what agents brought in a span, who brought most first; of these agents alone where they are given."""
    pieces = pieces_of(AGENT, since, until)
    n = sa.func.sum(pieces.c.n)
    wanted = pieces.c.key != "" if of is None else pieces.c.key.in_(list(of))
    summed = sa.select(pieces.c.key, n).where(wanted).group_by(pieces.c.key).order_by(n.desc(), pieces.c.key)
    return {key: int(count) for key, count in await connection.execute(summed.limit(most))}


async def _own_codes(connection: AsyncConnection, agents: Iterable[str]) -> dict[str, str]:
    """Return the agents' own codes."""
    own = sa.select(codes.c.agent_id, codes.c.code).where(codes.c.agent_id.in_(list(agents)), codes.c.kind != "event")
    return {row.agent_id: row.code for row in await connection.execute(own)}


async def campaigns(connection: AsyncConnection, since: dt.date, until: dt.date) -> list[Campaign]:
    """Return every campaign with what it brought in the span, the largest first."""
    brought = await by_key(connection, CAMPAIGN, since, until)
    found = await connection.execute(sa.select(codes.c.code, codes.c.title).where(codes.c.kind == CAMPAIGN))
    rows = [Campaign(code, title, brought.get(code, 0)) for code, title in found]
    return sorted(rows, key=lambda one: (-one.enrolled, one.code))
