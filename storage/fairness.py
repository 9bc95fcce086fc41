"""What looks odd in the field, scored with its reasons, for supervisors to look at. Nothing is blocked by it.

A family that shares a phone is normal, so one chat counts only beyond `FAMILY` people; a busy market day is normal too,
so speed counts only where nobody could have talked to everybody. A village behind one mobile mast has one address on
the internet, so opening a link from there often weighs least.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import EPOCH, agents, attributions, codes, enrolments, openings, people, stored

LOOK_BACK = dt.timedelta(days=30)
"""How far supervisors look back; where links were opened from is forgotten after that."""
FAMILY = 6
"""So many people in one chat are a family."""
QUICK = dt.timedelta(minutes=10)
AT_ONCE = 8
"""Explaining the programmes to one person takes more than a minute: so many within `QUICK` were not talked to."""


class Reason(NamedTuple):
    """Why an agent stands on the list: `kind` is one of `WEIGHTS`; `times` says how often."""

    kind: str
    times: int


class Odd(NamedTuple):
    """An agent's own code, the score and what it is made of, the heaviest reason first."""

    code: str
    score: int
    reasons: tuple[Reason, ...]


CROWD = 30
"""So many chats begun within `QUICK`, or openings from one address on one day, are more than a meeting brings."""

WEIGHTS = {"self": 10, "twice": 5, "speed": 3, "burst": 2, "one_phone": 1, "one_address": 1}
"""What one of each adds to the score."""


async def odd(connection: AsyncConnection, since: dt.datetime) -> list[Odd]:
    """Return the agents with something odd since a moment, the highest score first."""
    found: dict[str, list[Reason]] = {}
    for kind, look in _LOOKS.items():
        for code, count in await look(connection, since):
            found.setdefault(code, []).append(Reason(kind, count))
    scored = [Odd(code, _score(reasons), tuple(sorted(reasons, key=_weight))) for code, reasons in found.items()]
    return sorted(scored, key=lambda one: (-one.score, one.code))


def _score(reasons: Iterable[Reason]) -> int:
    return sum(WEIGHTS[reason.kind] * reason.times for reason in reasons)


def _weight(reason: Reason) -> int:
    return -WEIGHTS[reason.kind] * reason.times


Counts = list[tuple[str, int]]

_own = codes.alias("own")
_OWN = sa.and_(_own.c.agent_id == codes.c.agent_id, _own.c.kind != "event")
"""A meeting's code counts for the agent who held it, under the agent's own code."""


def _handed_on(since: dt.datetime, *columns: Any) -> sa.Select[Any]:
    """Start from what came by an agent's codes and was handed on since a moment."""
    return (
        sa.select(_own.c.code, *columns)
        .select_from(people)
        .join(enrolments, enrolments.c.person_id == people.c.id)
        .join(codes, codes.c.code == people.c.agent)
        .join(_own, _OWN)
        .where(enrolments.c.created_at >= since)
    )


async def _twice(connection: AsyncConnection, since: dt.datetime) -> Counts:
    """People whose NIK came by another agent too."""
    other, theirs = people.alias(), codes.alias()
    elsewhere = (
        sa.exists()
        .where(other.c.nik_index == people.c.nik_index, other.c.agent != people.c.agent)
        .where(theirs.c.code == other.c.agent, theirs.c.agent_id != codes.c.agent_id)
    )
    counted = _handed_on(since, sa.func.count(sa.distinct(people.c.nik_index))).where(elsewhere)
    return _pairs(await connection.execute(counted.group_by(_own.c.code)))


async def _self(connection: AsyncConnection, since: dt.datetime) -> Counts:
    """People enrolled by an agent's code in the agent's own chat."""
    counted = _handed_on(since, sa.func.count(sa.distinct(people.c.id)))
    counted = counted.join(agents, agents.c.id == codes.c.agent_id).where(agents.c.chat_id == people.c.chat_id)
    return _pairs(await connection.execute(counted.group_by(_own.c.code)))


async def _one_phone(connection: AsyncConnection, since: dt.datetime) -> Counts:
    """People beyond a family in one chat, or under one phone number."""
    found: dict[str, int] = {}
    for shared in (people.c.chat_id, people.c.phone_index):
        count = sa.func.count(sa.distinct(people.c.id))
        grouped = _handed_on(since, count).where(shared.is_not(None)).group_by(_own.c.code, shared)
        for code, many in await connection.execute(grouped.having(count > FAMILY)):
            found[code] = max(found.get(code, 0), many - FAMILY)
    return list(found.items())


async def _speed(connection: AsyncConnection, since: dt.datetime) -> Counts:
    """Spells of `QUICK` in which more were handed on than anybody can talk to."""
    spell = sa.type_coerce(enrolments.c.created_at, sa.BigInteger) // stored(EPOCH + QUICK)
    count = sa.func.count()
    spells = _handed_on(since, count.label("many")).group_by(_own.c.code, spell).having(count >= AT_ONCE)
    return await _spells(connection, spells)


async def _burst(connection: AsyncConnection, since: dt.datetime) -> Counts:
    """Spells of `QUICK` in which more chats were begun than a meeting brings, as a program does it."""
    spell = sa.type_coerce(attributions.c.at, sa.BigInteger) // stored(EPOCH + QUICK)
    count = sa.func.count(sa.distinct(attributions.c.chat_id))
    spells = _came(attributions, since, count.label("many")).group_by(_own.c.code, spell).having(count >= CROWD)
    return await _spells(connection, spells)


async def _one_address(connection: AsyncConnection, since: dt.datetime) -> Counts:
    """Days on which the link was opened from one address again and again; `source` is another one each day."""
    count = sa.func.count()
    days = _came(openings, since, count.label("many")).where(openings.c.source.is_not(None))
    return await _spells(connection, days.group_by(_own.c.code, openings.c.source).having(count >= CROWD))


def _came(counted: sa.Table, since: dt.datetime, count: Any) -> sa.Select[Any]:
    """Start from what came by an agent's codes since a moment, whatever became of it."""
    of = sa.select(_own.c.code, count).select_from(counted).join(codes, codes.c.code == counted.c.code)
    return of.join(_own, _OWN).where(counted.c.at >= since)


async def _spells(connection: AsyncConnection, found: sa.Select[Any]) -> Counts:
    spells = found.subquery()
    return _pairs(await connection.execute(sa.select(spells.c.code, sa.func.count()).group_by(spells.c.code)))


def _pairs(rows: Iterable[Any]) -> Counts:
    return [(row[0], row[1]) for row in rows]


_LOOKS: dict[str, Callable[[AsyncConnection, dt.datetime], Awaitable[Counts]]] = {
    "self": _self,
    "twice": _twice,
    "one_phone": _one_phone,
    "speed": _speed,
    "burst": _burst,
    "one_address": _one_address,
}
