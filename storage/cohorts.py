"""Cohorts: workers somebody pays for, kept by the index of their NIK alone, so that a list can be matched, not read."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.effects import AnyEffect, RequestBill, SubmitEnrolment
from conversations.months import Month
from conversations.programmes.sponsor import Sponsor
from storage.enrolments import has_left
from storage.reminders import Planned, agreed, key_of
from storage.rows import Insert
from storage.sealing import KeyRing
from storage.tables import chats, cohort_members, cohorts, contributions, enrolments, people, reminders

PROGRAMMES = ("jkk", "jkm")
"""What a cohort pays for; JHT is the worker's own savings."""


class Cohort(NamedTuple):
    """What a sponsor pays: see `Sponsor`; at most `quota` workers, who may be fewer than are on the list."""

    id: str
    name: str
    payer: str
    share: int
    programmes: str
    first: str
    last: str
    quota: int


class Report(NamedTuple):
    """A cohort in numbers: how many are `listed`, `enrolled` here, `covered` in the running month, and contribution
    months `paid` in all."""

    id: str
    name: str
    quota: int
    listed: int
    enrolled: int
    covered: int
    paid: int


_MEMBERS = Insert(cohort_members, "cohort_id", "nik_index", conflict="ON CONFLICT DO NOTHING")


async def add_cohort(
    connection: AsyncConnection, keys: KeyRing, sponsor: Sponsor, quota: int, niks: Iterable[str], now: dt.datetime
) -> str:
    """Keep a cohort with the NIKs of its list; return its reference. `sponsor.cohort` is not looked at."""
    reference = str(uuid.uuid4())
    row = Cohort(
        reference,
        sponsor.name,
        sponsor.payer,
        sponsor.share,
        ",".join(PROGRAMMES),
        str(sponsor.first),
        str(sponsor.last),
        quota,
    )
    await connection.execute(sa.insert(cohorts).values(**row._asdict(), created_at=now))
    await _MEMBERS.run(connection, [(reference, keys.index("nik", nik)) for nik in dict.fromkeys(niks)])
    return reference


async def index_member_anew(connection: AsyncConnection, keys: KeyRing, nik: str) -> None:
    """Write the index of somebody on lists anew, under the first key; where a list names them under both, once."""
    new, *old = keys.indexes("nik", nik)
    named = sa.select(cohort_members.c.cohort_id).where(cohort_members.c.nik_index == new)
    for index in old:
        theirs = cohort_members.c.nik_index == index
        await connection.execute(sa.delete(cohort_members).where(theirs, cohort_members.c.cohort_id.in_(named)))
        await connection.execute(sa.update(cohort_members).where(theirs).values(nik_index=new))


_place = enrolments.alias("place")
_TAKEN = (
    sa.select(sa.func.count())
    .where(_place.c.cohort == cohorts.c.id, _place.c.state != "refused")
    .correlate(cohorts)
    .scalar_subquery()
)
"""Places of a cohort that are taken: by whoever was handed on and not refused."""


async def sponsor_of(connection: AsyncConnection, keys: KeyRing, nik: str, month: Month) -> Sponsor | None:
    """Return who pays for a NIK in a month, the larger share first; None for nobody, and where the quota is full."""
    found = await connection.execute(
        sa.select(*(cohorts.c[name] for name in Cohort._fields))
        .join(cohort_members, cohort_members.c.cohort_id == cohorts.c.id)
        .where(cohort_members.c.nik_index.in_(keys.indexes("nik", nik)), cohorts.c.quota > _TAKEN)
        .where(cohorts.c.first <= str(month), cohorts.c.last >= str(month))
        .order_by(cohorts.c.share.desc(), cohorts.c.created_at)
        .limit(1)
    )
    row = found.first()
    return _sponsor(Cohort(*row)) if row else None


async def has_place(connection: AsyncConnection, reference: str, enrolment: str) -> bool:
    """Tell whether a cohort has a place for an enrolment, its own or a free one; until this transaction ends nobody
    else is promised that."""
    # Two statements: PostgreSQL lets the second one see what was committed while the first waited for the lock.
    await connection.execute(sa.select(cohorts.c.id).where(cohorts.c.id == reference).with_for_update())
    own = sa.exists().where(
        enrolments.c.id == enrolment, enrolments.c.cohort == reference, enrolments.c.state != "refused"
    )
    left = sa.select(cohorts.c.id).where(cohorts.c.id == reference, sa.or_(own, cohorts.c.quota > _TAKEN))
    return (await connection.execute(left)).first() is not None


async def full_cohorts(connection: AsyncConnection, effects: Iterable[AnyEffect]) -> frozenset[str]:
    """Return the cohorts that these effects count on and that have no place left."""
    wanted = [
        (effect.order.sponsor, effect.enrolment)
        for effect in effects
        if isinstance(effect, SubmitEnrolment | RequestBill) and effect.order.sponsor
    ]
    return frozenset([cohort for cohort, one in wanted if not await has_place(connection, cohort, one)])


class Found(NamedTuple):
    """A member on a list that came after they enrolled."""

    enrolment: str
    sponsor: Sponsor


async def found_members(connection: AsyncConnection, month: Month, limit: int) -> list[Found]:
    """Return members without a sponsor whose NIK is in a cohort that pays for a month and has places left."""
    rows = await connection.execute(
        sa.select(enrolments.c.id.label("enrolment"), *(cohorts.c[name] for name in Cohort._fields))
        .join(people, enrolments.c.person_id == people.c.id)
        .join(cohort_members, cohort_members.c.nik_index == people.c.nik_index)
        .join(cohorts, cohorts.c.id == cohort_members.c.cohort_id)
        .where(enrolments.c.state == "accepted", enrolments.c.cohort == "", cohorts.c.quota > _TAKEN, ~has_left())
        .where(cohorts.c.first <= str(month), cohorts.c.last >= str(month))
        .order_by(cohorts.c.created_at, enrolments.c.created_at)
        .limit(limit)
    )
    return [Found(row[0], _sponsor(Cohort(*row[1:]))) for row in rows]


def _sponsor(row: Cohort) -> Sponsor:
    return Sponsor(row.id, row.name, row.payer, row.share, Month.parse(row.first), Month.parse(row.last))


async def all_cohorts(connection: AsyncConnection) -> list[Cohort]:
    """Return every cohort, the oldest first."""
    columns = (cohorts.c[name] for name in Cohort._fields)
    return [Cohort(*row) for row in await connection.execute(sa.select(*columns).order_by(cohorts.c.created_at))]


async def report_of(connection: AsyncConnection, reference: str, month: Month) -> Report | None:
    """Return a cohort in numbers; None where there is none of that reference."""
    mine = sa.and_(enrolments.c.cohort == cohorts.c.id, enrolments.c.state == "accepted")
    listed = sa.select(sa.func.count()).where(cohort_members.c.cohort_id == cohorts.c.id)
    enrolled = sa.select(sa.func.count()).where(mine)
    paid = (
        sa.select(sa.func.count())
        .select_from(contributions.join(enrolments, contributions.c.enrolment_id == enrolments.c.id))
        .where(mine, contributions.c.month >= cohorts.c.first, contributions.c.month <= cohorts.c.last)
    )
    counts = (listed, enrolled, paid.where(contributions.c.month == str(month)), paid)
    named = (cohorts.c[name] for name in ("id", "name", "quota"))
    found = await connection.execute(
        sa.select(*named, *(count.scalar_subquery() for count in counts)).where(cohorts.c.id == reference)
    )
    row = found.first()
    return Report(*row) if row else None


async def ending_in(connection: AsyncConnection, month: Month, at: dt.datetime, limit: int) -> list[Planned]:
    """Return the reminders, told from `at`, of members whose sponsor pays for this month last and who agreed to be
    reminded; those planned already left out."""
    follows = month.plus(1)
    planned = sa.exists().where(
        reminders.c.enrolment_id == enrolments.c.id,
        reminders.c.month == str(follows),
        reminders.c.moment == "sponsor",
    )
    found = await connection.execute(
        sa.select(enrolments.c.id, enrolments.c.chat_id, people.c.number)
        .join(cohorts, enrolments.c.cohort == cohorts.c.id)
        .join(people, enrolments.c.person_id == people.c.id)
        .join(chats, people.c.chat_id == chats.c.id)
        .where(cohorts.c.last == str(month), enrolments.c.state == "accepted", chats.c.data_key.is_not(None))
        .where(agreed(enrolments.c.chat_id, people.c.number), ~planned)
        .limit(limit)
    )
    return [
        Planned(key_of(row.id, follows, "sponsor"), row.id, row.chat_id, row.number, str(follows), "sponsor", False, at)
        for row in found
    ]
