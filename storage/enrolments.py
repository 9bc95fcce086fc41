"""Enrolments as staff and figures see them; the session holds what the chat itself needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.effects import Order, SubmitEnrolment
from conversations.messages import (
    Address,
    Bill,
    CameBack,
    Contact,
    Left,
    Located,
    Photo,
    Private,
    Start,
    Tap,
    Text,
    Unsupported,
)
from conversations.months import Month
from storage.chats import open_address
from storage.monitor.tallies import touch
from storage.people import Person
from storage.rows import insert_into
from storage.sealing import DataKey, KeyRing, Wrapped
from storage.tables import chats, contributions, enrolments, inbound, people

_LEFT = str(Left.__struct_config__.tag)
_DID = tuple(
    str(kind.__struct_config__.tag)
    for kind in (Text, Tap, Contact, Located, Photo, Start, Unsupported, Private, CameBack)
)
"""What a worker does, by the kinds that are stored."""


class Enrolment(NamedTuple):
    """An enrolment in clear but for what is sealed (`kpj`, `bill`): see `opened`."""

    id: str
    chat_id: int
    person_id: str
    state: str
    reason: str
    base: int
    programmes: str
    first: str
    months: int
    created_at: dt.datetime
    updated_at: dt.datetime
    kpj: bytes | None
    bill: bytes | None


class Opened(NamedTuple):
    """What an enrolment keeps sealed: the member's number ("" while there is none) and the last bill."""

    kpj: str
    bill: Bill | None


def opened(enrolment: Enrolment, person: Person) -> Opened:
    """Open the sealed part with the person's key; nothing once erased."""
    if person.key is None:
        return Opened("", None)
    kpj = person.key.open(enrolment.kpj, f"enrolments.kpj.{enrolment.id}").decode() if enrolment.kpj else ""
    if enrolment.bill is None:
        return Opened(kpj, None)
    bill = person.key.open(enrolment.bill, f"enrolments.bill.{enrolment.id}")
    return Opened(kpj, msgspec.json.decode(bill, type=Bill))


async def enrolments_of(connection: AsyncConnection, chat_id: int) -> list[Enrolment]:
    """Return a chat's enrolments, oldest first."""
    return await _read(connection, enrolments.c.chat_id == chat_id)


async def enrolment_by_id(connection: AsyncConnection, enrolment_id: str) -> Enrolment | None:
    """Return one enrolment by our reference."""
    found = await _read(connection, enrolments.c.id == enrolment_id)
    return found[0] if found else None


async def _read(connection: AsyncConnection, condition: sa.ColumnElement[bool]) -> list[Enrolment]:
    columns = (enrolments.c[name] for name in Enrolment._fields)
    found = await connection.execute(sa.select(*columns).where(condition).order_by(enrolments.c.created_at))
    return [Enrolment(*row) for row in found]


class Owner(NamedTuple):
    """Whose an enrolment is: the chat's address and the person's number in that chat."""

    address: Address
    person: int


async def owner_of(connection: AsyncConnection, keys: KeyRing, enrolment_id: str) -> Owner | None:
    """Return whose an enrolment is; None where it is not known or its chat was erased."""
    owners = await _owners(connection, keys, enrolments.c.id == enrolment_id)
    return owners[0][1] if owners else None


async def is_somebodys(connection: AsyncConnection, enrolment_id: str) -> bool:
    """Tell whether an enrolment is known and its person was not erased."""
    found = await connection.execute(
        sa.select(people.c.id)
        .join(enrolments, enrolments.c.person_id == people.c.id)
        .where(enrolments.c.id == enrolment_id, people.c.data_key.is_not(None))
    )
    return found.first() is not None


MOST_YEARS = 30
"""Anniversaries are looked for so far back; nobody is a member of ours for longer."""


async def anniversaries_in(connection: AsyncConnection, keys: KeyRing, month: Month) -> list[tuple[str, Owner]]:
    """Return the enrolments paid for in a month whose months in a row may have begun whole years before it."""
    begun = (month.plus(-12 * years) for years in range(1, MOST_YEARS + 1))
    years_ago = sa.or_(*(sa.and_(_paid_for(first), ~_paid_for(first.plus(-1))) for first in begun))
    return await _owners(connection, keys, sa.and_(_paid_for(month), years_ago, ~has_left()))


def _paid_for(month: Month) -> sa.ColumnElement[bool]:
    return sa.exists().where(contributions.c.enrolment_id == enrolments.c.id, contributions.c.month == str(month))


async def without_outcome(
    connection: AsyncConnection, keys: KeyRing, before: dt.datetime, most: int
) -> list[tuple[str, Owner]]:
    """Return enrolments handed on before a moment of which nobody told what became, with whose they are."""
    waits = sa.and_(enrolments.c.state.in_(("handed_off", "waiting", "undelivered")), enrolments.c.updated_at < before)
    return (await _owners(connection, keys, waits))[:most]


def has_left() -> sa.ColumnElement[bool]:
    """Whether the last thing a chat's worker did was to leave."""
    left, later = inbound.alias("left"), inbound.alias("later")
    came_back = sa.exists().where(later.c.chat_id == left.c.chat_id, later.c.line > left.c.line, later.c.kind.in_(_DID))
    return sa.exists().where(left.c.chat_id == enrolments.c.chat_id, left.c.kind == _LEFT, ~came_back)


async def _owners(
    connection: AsyncConnection, keys: KeyRing, condition: sa.ColumnElement[bool]
) -> list[tuple[str, Owner]]:
    owner = (chats.c[name] for name in ("ref", "key_id", "data_key", "address"))
    found = await connection.execute(
        sa.select(enrolments.c.id, people.c.number, *owner)
        .join(people, enrolments.c.person_id == people.c.id)
        .join(chats, people.c.chat_id == chats.c.id)
        .where(condition, chats.c.data_key.is_not(None))
    )
    return [(row.id, Owner(_address(keys, row), row.number)) for row in found]


def _address(keys: KeyRing, row: sa.Row[Any]) -> Address:
    key = keys.unwrap(Wrapped(row.key_id, row.data_key), f"chats.{row.ref}")
    return open_address(key, row.ref, row.address)


async def index_kpj_anew(connection: AsyncConnection, keys: KeyRing, person_id: str, key: DataKey) -> None:
    """Write the index of a person's KPJ anew, under the first master key; `key` is the person's."""
    held = sa.select(enrolments.c.id, enrolments.c.kpj).where(
        enrolments.c.person_id == person_id, enrolments.c.kpj.is_not(None)
    )
    for row in (await connection.execute(held)).all():
        kpj = key.open(row.kpj, f"enrolments.kpj.{row.id}").decode()
        anew = sa.update(enrolments).where(enrolments.c.id == row.id).values(kpj_index=keys.index("kpj", kpj))
        await connection.execute(anew)


async def months_paid(connection: AsyncConnection, enrolment_id: str) -> list[str]:
    """Return the contribution months recorded as paid, each written "2026-12"."""
    found = await connection.execute(
        sa.select(contributions.c.month)
        .where(contributions.c.enrolment_id == enrolment_id)
        .order_by(contributions.c.month)
    )
    return list(found.scalars())


async def keep_enrolment(
    connection: AsyncConnection, chat_id: int, person_id: str, effect: SubmitEnrolment, now: dt.datetime
) -> None:
    """Store an enrolment as handed off; the same reference again only says so again."""
    values = {"state": "handed_off", "updated_at": now, **_terms(effect.order)}
    first = {"id": effect.enrolment, "chat_id": chat_id, "person_id": person_id, "created_at": now}
    insert = insert_into(connection, enrolments).values(first | values)
    await connection.execute(
        insert.on_conflict_do_update(index_elements=["id"], set_=values, where=enrolments.c.chat_id == chat_id)
    )
    await touch(connection, effect.enrolment)


def _terms(order: Order) -> dict[str, Any]:
    return {
        "base": order.base,
        "programmes": ",".join(order.programmes),
        "first": str(order.first),
        "months": order.months,
        "cohort": order.sponsor,
    }


async def change_terms(connection: AsyncConnection, chat_id: int, enrolment_id: str, order: Order) -> None:
    """Keep on which terms an enrolment of this chat is billed from now on; its last news stay as old as they are, and
    it stays in its cohort when nobody pays for the months billed."""
    terms = {name: value for name, value in _terms(order).items() if name != "cohort" or value}
    mine = sa.and_(enrolments.c.id == enrolment_id, enrolments.c.chat_id == chat_id)
    await connection.execute(sa.update(enrolments).where(mine).values(**terms))
    await touch(connection, enrolment_id)


async def change_enrolment(
    connection: AsyncConnection,
    chat_id: int,
    enrolment_id: str,
    now: dt.datetime,
    *,
    unless: Sequence[str] = (),
    **values: Any,
) -> None:
    """Change an enrolment of this chat, `unless` it is in one of these states; a reference that is not the chat's
    changes nothing."""
    mine = sa.and_(enrolments.c.id == enrolment_id, enrolments.c.chat_id == chat_id)
    changed = sa.update(enrolments).where(mine, enrolments.c.state.not_in(unless))
    await connection.execute(changed.values(updated_at=now, **values))
    await touch(connection, enrolment_id)


async def keep_contributions(
    connection: AsyncConnection, enrolment_id: str, months: tuple[Month, ...], paid_at: dt.datetime, bill_index: bytes
) -> None:
    """Record contribution months as paid; a month recorded before stays as it was."""
    rows = [
        {"enrolment_id": enrolment_id, "month": str(month), "paid_at": paid_at, "bill_index": bill_index}
        for month in months
    ]
    if rows:
        await connection.execute(insert_into(connection, contributions).values(rows).on_conflict_do_nothing())
        await touch(connection, enrolment_id)
