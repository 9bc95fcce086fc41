"""Reminders as rows: planned once under a unique key, told once, and why any was left untold.

The key names enrolment, contribution month and moment, so that however many processes plan, and however often one
starts anew, there is one row; and what is told is an incoming of that key, taken once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.messages import Address, ReminderDue
from conversations.months import JAKARTA, Month
from conversations.programmes.reminding import ASKED, NEVER_HELD_BACK
from storage.chats import open_address
from storage.enrolments import has_left
from storage.rows import Insert, Select, insert_into
from storage.sealing import KeyRing, Wrapped
from storage.tables import LIVE, chats, consents, contributions, enrolments, outbox, people, reminders, stored

LANE = "reminder"
PURPOSE = "remind"
_IN_NO_SHARE = ("tomorrow", "sponsor")
"""Reminders that no plan of the month makes."""
ONE_AT_A_TIME = dt.timedelta(hours=1)
"""So long a chat hears of nobody else after a reminder."""


class Member(NamedTuple):
    """An enrolment to plan reminders for: whose it is, what its reminders depend on, the months that were paid."""

    id: str
    chat_id: int
    person: int
    first: Month
    payday: int
    region: str
    paid: tuple[Month, ...] = ()


class Planned(NamedTuple):
    """A reminder to be told at `due_at` (UTC); `fewer` tells that its member is among those who get fewer."""

    key: str
    enrolment_id: str
    chat_id: int
    person: int
    month: str
    moment: str
    fewer: bool
    due_at: dt.datetime

    @property
    def what(self) -> ReminderDue:
        """The incoming by which it is told."""
        return ReminderDue(self.person, self.enrolment_id, Month.parse(self.month), self.moment, self.key)


class Due(NamedTuple):
    """A planned reminder whose time has come: its chat's address, the region, and how many were told this month."""

    planned: Planned
    address: Address
    region: str
    told: int


def key_of(enrolment: str, month: Month, moment: str) -> str:
    """Return the unique key of a reminder."""
    return f"{enrolment}/{month}/{moment}"


# --- planning --------------------------------------------------------------------------------------------------------


def agreed(chat_id: sa.ColumnElement[Any], person: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Return whether the last thing a person of a chat said about reminders was yes."""
    given, later = consents.alias("given"), consents.alias("later")
    about = sa.and_(given.c.chat_id == chat_id, given.c.person == person, given.c.purpose == PURPOSE)
    # By the columns of `given`: a query within a query finds only those of the one around it.
    same = sa.and_(later.c.chat_id == given.c.chat_id, later.c.person == given.c.person, later.c.purpose == PURPOSE)
    return sa.exists().where(about, given.c.given, ~sa.exists().where(same, later.c.id > given.c.id))


def _paid(enrolment: sa.ColumnElement[Any], month: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(contributions.c.enrolment_id == enrolment, contributions.c.month == month)


_MONTHS = Select(contributions, "enrolment_id", "enrolment_id", "month")


async def to_plan(connection: AsyncConnection, month: Month, limit: int) -> list[Member]:
    """Return members who agreed to be reminded, have not paid for a contribution month, and whose reminders for it are
    not planned yet."""
    columns = (enrolments.c.id, enrolments.c.chat_id, people.c.number, enrolments.c.first, enrolments.c.payday)
    found = await connection.execute(
        sa.select(*columns, people.c.regency)
        .join(people, enrolments.c.person_id == people.c.id)
        .where(enrolments.c.state == "accepted", enrolments.c.reminded != str(month), people.c.data_key.is_not(None))
        .where(~_paid(enrolments.c.id, str(month)), agreed(enrolments.c.chat_id, people.c.number), ~has_left())
        .limit(limit)
    )
    rows = found.all()
    paid: dict[str, list[Month]] = {}
    for one in await _MONTHS.run(connection, [row.id for row in rows]):
        paid.setdefault(one.enrolment_id, []).append(Month.parse(one.month))
    return [
        Member(row.id, row.chat_id, row.number, Month.parse(row.first), row.payday, row.regency, tuple(paid[row.id]))
        if row.id in paid
        else Member(row.id, row.chat_id, row.number, Month.parse(row.first), row.payday, row.regency)
        for row in rows
    ]


_PLAN = Insert(
    reminders,
    *("key", "enrolment_id", "chat_id", "person", "month", "moment", "fewer", "due_at", "state"),
    conflict="ON CONFLICT DO NOTHING",
)


async def keep_plan(
    connection: AsyncConnection, members: Sequence[Member], month: Month, planned: Iterable[Planned]
) -> None:
    """Keep what was planned for members in a month; a row that is there already stays as it is."""
    rows = [(*one._replace(due_at=stored(one.due_at)), "planned") for one in planned]  # type: ignore[arg-type]
    await _PLAN.run(connection, rows)
    ids = [member.id for member in members]
    await connection.execute(sa.update(enrolments).where(enrolments.c.id.in_(ids)).values(reminded=str(month)))


async def keep_payday(connection: AsyncConnection, chat_id: int, enrolment: str, payday: int) -> None:
    """Keep the day a member named; what is planned by another day and not told yet is planned anew."""
    mine = sa.and_(enrolments.c.id == enrolment, enrolments.c.chat_id == chat_id)
    await connection.execute(sa.update(enrolments).where(mine).values(payday=payday, reminded=""))
    usual = sa.and_(reminders.c.enrolment_id == enrolment, reminders.c.moment.not_in(_IN_NO_SHARE))
    await connection.execute(sa.delete(reminders).where(usual, reminders.c.state == "planned"))


async def region_of(connection: AsyncConnection, enrolment: str) -> str:
    """Return the regency of an enrolment's person, as far as it is known."""
    found = await connection.execute(
        sa.select(people.c.regency)
        .join(enrolments, enrolments.c.person_id == people.c.id)
        .where(enrolments.c.id == enrolment)
    )
    return str(found.scalar() or "")


async def plan_one(connection: AsyncConnection, planned: Planned) -> None:
    """Plan one reminder more; the same key again changes nothing."""
    insert = insert_into(connection, reminders).values(**planned._asdict(), state="planned")
    await connection.execute(insert.on_conflict_do_nothing())


# --- telling ---------------------------------------------------------------------------------------------------------


async def due_now(connection: AsyncConnection, keys: KeyRing, now: dt.datetime, limit: int) -> list[Due]:
    """Return reminders whose time has come, the earliest first, of chats that heard of none within the hour."""
    lately = reminders.alias("lately")
    crowded = sa.exists().where(lately.c.chat_id == reminders.c.chat_id, lately.c.told_at > now - ONE_AT_A_TIME)
    columns = (reminders.c[name] for name in Planned._fields)
    owner = (chats.c.ref, chats.c.key_id, chats.c.data_key, chats.c.address)
    found = await connection.execute(
        sa.select(*columns, *owner, people.c.regency, _told_in_month(now).label("told"))
        .join(chats, reminders.c.chat_id == chats.c.id)
        .join(enrolments, reminders.c.enrolment_id == enrolments.c.id)
        .join(people, enrolments.c.person_id == people.c.id)
        .where(sa.literal_column("reminders.state = 'planned'"), reminders.c.due_at <= now, ~crowded)
        .where(chats.c.data_key.is_not(None), chats.c.address.is_not(None))
        .order_by(reminders.c.due_at)
        .limit(limit)
    )
    return [Due(Planned(*row[: len(Planned._fields)]), _address(keys, row), row.regency, row.told) for row in found]


def _told_in_month(now: dt.datetime) -> sa.ScalarSelect[int]:
    """How many reminders of a member, but those asked for, were told since the calendar month began."""
    told = reminders.alias("told_before")
    counted = sa.and_(told.c.told_at >= month_began(now), told.c.moment.not_in(ASKED))
    return sa.select(sa.func.count()).where(told.c.enrolment_id == reminders.c.enrolment_id, counted).scalar_subquery()


def month_began(now: dt.datetime) -> dt.datetime:
    """Return when the calendar month began in Jakarta."""
    return now.astimezone(JAKARTA).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _address(keys: KeyRing, row: Any) -> Address:
    return open_address(keys.unwrap(Wrapped(row.key_id, row.data_key), f"chats.{row.ref}"), row.ref, row.address)


async def note_told(connection: AsyncConnection, prices: Mapping[str, int], now: dt.datetime) -> None:
    """Note reminders as told, each with its price in rupiah by key."""
    for key, price in prices.items():
        told = {"state": "told", "reason": "", "told_at": now, "price": price}
        await connection.execute(sa.update(reminders).where(reminders.c.key == key).values(**told))


async def note_dropped(connection: AsyncConnection, keys: Sequence[str], reason: str) -> None:
    """Note reminders as left untold: `reason` is "overtaken", "capped", "budget", "unwanted"."""
    await connection.execute(
        sa.update(reminders).where(reminders.c.key.in_(keys)).values(state="dropped", reason=reason, price=0)
    )


async def postpone(connection: AsyncConnection, key: str, until: dt.datetime) -> None:
    """Tell a planned reminder later."""
    await connection.execute(
        sa.update(reminders).where(reminders.c.key == key, reminders.c.state == "planned").values(due_at=until)
    )


async def spent(connection: AsyncConnection, now: dt.datetime) -> int:
    """Return the rupiah that reminders cost since the calendar month began."""
    total = sa.select(sa.func.coalesce(sa.func.sum(reminders.c.price), 0))
    return int((await connection.execute(total.where(reminders.c.told_at >= month_began(now)))).scalar_one())


async def still_to_send(connection: AsyncConnection, lane: str) -> int:
    """Return how many rows of a lane wait in the outbox."""
    live: sa.ColumnElement[bool] = sa.literal_column(f"outbox.{LIVE}")
    return int((await connection.execute(sa.select(sa.func.count()).where(live, outbox.c.lane == lane))).scalar_one())


async def is_wanted(connection: AsyncConnection, key: str) -> tuple[bool, str]:
    """Tell whether a reminder may still be sent, neither paid nor declined meanwhile, and the region of its member."""
    found = await connection.execute(
        sa.select(
            people.c.regency,
            _paid(reminders.c.enrolment_id, reminders.c.month).label("paid"),
            agreed(reminders.c.chat_id, reminders.c.person).label("agreed"),
        )
        .join(enrolments, reminders.c.enrolment_id == enrolments.c.id)
        .join(people, enrolments.c.person_id == people.c.id)
        .where(reminders.c.key == key)
    )
    row = found.first()
    return (False, "") if row is None else (not row.paid and row.agreed, row.regency)


# --- what they change ------------------------------------------------------------------------------------------------


class Effect(NamedTuple):
    """What became of the members that reminders were planned for in a month, with all or with fewer of them."""

    fewer: bool
    members: int
    told: int
    paid: int
    price: int


async def effect_in(connection: AsyncConnection, month: Month) -> list[Effect]:
    """Return how many members of each share were reminded of a contribution month, how often, and how many paid it.

    What was asked for, and what is said when a sponsor stops, is the same for both shares and left out.
    """
    told = sa.func.sum(sa.case((reminders.c.state == "told", 1), else_=0))
    paid = sa.case((_paid(reminders.c.enrolment_id, reminders.c.month), reminders.c.enrolment_id))
    found = await connection.execute(
        sa.select(
            reminders.c.fewer,
            sa.func.count(reminders.c.enrolment_id.distinct()),
            told,
            sa.func.count(paid.distinct()),
            sa.func.sum(reminders.c.price),
        )
        .where(reminders.c.month == str(month), reminders.c.moment.not_in(_IN_NO_SHARE))
        .group_by(reminders.c.fewer)
        .order_by(reminders.c.fewer)
    )
    return [Effect(bool(row[0]), *row[1:]) for row in found]


def is_counted(moment: str) -> bool:
    """Tell whether a reminder counts towards the cap of a member's month."""
    return moment not in ASKED | NEVER_HELD_BACK
