"""Broadcasts: a text for an audience, one row a chat, made in chunks and sent at most once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.audience import Audience
from conversations.messages import Address, BroadcastDue
from conversations.months import Month
from storage.chats import open_address
from storage.enrolments import has_left
from storage.rows import Insert, insert_into
from storage.sealing import KeyRing, Wrapped
from storage.tables import (
    BROADCAST,
    broadcast_chats,
    broadcasts,
    cases,
    chats,
    consents,
    contributions,
    enrolments,
    outbox,
    people,
)

LANE = "broadcast"
PURPOSE = "broadcast"
OUTCOME = dt.timedelta(days=7)
"""A payment so soon after a broadcast counts as its outcome."""


class Broadcast(NamedTuple):
    """A broadcast: `state` is "draft", "scheduled", "stopped" or "done"; `reached` is the last chat it was made for."""

    id: str
    text: str
    audience: bytes
    state: str
    due_at: dt.datetime | None
    reached: int

    @property
    def whom(self) -> Audience:
        """Whom it is for."""
        return msgspec.json.decode(self.audience, type=Audience)


class Progress(NamedTuple):
    """A broadcast in numbers: chats it was made for, told, left out (stopped, withdrawn), delivered, of these read as
    far as the messenger tells, given up, and of the told those that paid within seven days."""

    made: int
    told: int
    left_out: int
    delivered: int
    read: int
    failed: int
    paid: int


class Addressed(NamedTuple):
    """One chat of a broadcast, to be told."""

    broadcast_id: str
    chat_id: int
    address: Address
    what: BroadcastDue


def key_of(broadcast: str, chat_id: int) -> str:
    """Return the unique key of a broadcast in a chat."""
    return f"{broadcast}/{chat_id}"


# --- whom it is for --------------------------------------------------------------------------------------------------


def _agreed(chat_id: Any) -> sa.ColumnElement[bool]:
    """Whether the last thing a chat said about broadcasts was yes."""
    given, later = consents.alias("given"), consents.alias("later")
    newer = sa.exists().where(later.c.chat_id == given.c.chat_id, later.c.purpose == PURPOSE, later.c.id > given.c.id)
    return sa.exists().where(given.c.chat_id == chat_id, given.c.purpose == PURPOSE, given.c.given, ~newer)


def _fits(whom: Audience, month: Month) -> list[sa.ColumnElement[bool]]:
    """The conditions on a person and their enrolment."""
    paid = sa.exists().where(contributions.c.enrolment_id == enrolments.c.id, contributions.c.month == str(month))
    standing: dict[str, list[sa.ColumnElement[bool]]] = {
        "": [],
        "member": [enrolments.c.state == "accepted"],
        "paid": [enrolments.c.state == "accepted", paid],
        "unpaid": [enrolments.c.state == "accepted", ~paid],
    }
    area = [people.c.regency.startswith(whom.area, autoescape=True)] if whom.area else []
    occupation = [people.c.occupation == whom.occupation] if whom.occupation else []
    language = [people.c.language == whom.language] if whom.language else []
    return [*standing[whom.standing], *area, *occupation, *language]


def _chats_of(whom: Audience, month: Month) -> sa.Select[tuple[int]]:
    return (
        sa.select(enrolments.c.chat_id)
        .distinct()
        .join(people, enrolments.c.person_id == people.c.id)
        .where(people.c.data_key.is_not(None), *_fits(whom, month))
        .where(_agreed(enrolments.c.chat_id), ~has_left())
    )


async def count(connection: AsyncConnection, whom: Audience, month: Month) -> int:
    """Return how many chats an audience is now."""
    found = sa.select(sa.func.count()).select_from(_chats_of(whom, month).subquery())
    return int((await connection.execute(found)).scalar_one())


# --- its life --------------------------------------------------------------------------------------------------------


async def draft(connection: AsyncConnection, reference: str, text: str, whom: Audience, now: dt.datetime) -> bool:
    """Keep a draft under a reference of its own; tell whether it is new."""
    values = {"id": reference, "text": text, "audience": msgspec.json.encode(whom), "state": "draft"}
    insert = insert_into(connection, broadcasts).values(**values, reached=0, created_at=now)
    return (await connection.execute(insert.on_conflict_do_nothing())).rowcount == 1


async def find(connection: AsyncConnection, reference: str) -> Broadcast | None:
    """Return a broadcast."""
    found = await _read(connection, broadcasts.c.id == reference)
    return found[0] if found else None


async def all_broadcasts(connection: AsyncConnection) -> list[Broadcast]:
    """Return every broadcast, the oldest first."""
    return await _read(connection, sa.true())


async def due(connection: AsyncConnection, now: dt.datetime) -> list[Broadcast]:
    """Return the broadcasts whose time has come and that are not through."""
    return await _read(connection, sa.and_(broadcasts.c.state == "scheduled", broadcasts.c.due_at <= now))


async def _read(connection: AsyncConnection, condition: sa.ColumnElement[bool]) -> list[Broadcast]:
    columns = (broadcasts.c[name] for name in Broadcast._fields)
    found = await connection.execute(sa.select(*columns).where(condition).order_by(broadcasts.c.created_at))
    return [Broadcast(*row) for row in found]


async def schedule(connection: AsyncConnection, reference: str, at: dt.datetime) -> bool:
    """Send a draft, or what was stopped, from a moment on; tell whether there was one."""
    return await _change(connection, reference, ("draft", "stopped"), state="scheduled", due_at=at)


async def stop(connection: AsyncConnection, reference: str) -> bool:
    """Send no more of it; tell whether it was still to be sent."""
    return await _change(connection, reference, ("scheduled",), state="stopped")


async def finish(connection: AsyncConnection, reference: str) -> None:
    """Note that everybody was reached."""
    await _change(connection, reference, ("scheduled",), state="done")


async def _change(connection: AsyncConnection, reference: str, states: Sequence[str], **values: Any) -> bool:
    mine = sa.and_(broadcasts.c.id == reference, broadcasts.c.state.in_(states))
    return (await connection.execute(sa.update(broadcasts).where(mine).values(**values))).rowcount == 1


# --- its rows --------------------------------------------------------------------------------------------------------

_MAKE = Insert(broadcast_chats, "broadcast_id", "chat_id", "state", conflict="ON CONFLICT DO NOTHING")


async def expand(connection: AsyncConnection, broadcast: Broadcast, month: Month, limit: int) -> int:
    """Make rows for the next chats of the audience; return how many."""
    wanted = _chats_of(broadcast.whom, month).where(enrolments.c.chat_id > broadcast.reached)
    found = await connection.execute(wanted.order_by(enrolments.c.chat_id).limit(limit))
    ids = list(found.scalars())
    await _MAKE.run(connection, [(broadcast.id, chat_id, "made") for chat_id in ids])
    if ids:
        reached = sa.update(broadcasts).where(broadcasts.c.id == broadcast.id, broadcasts.c.reached < ids[-1])
        await connection.execute(reached.values(reached=ids[-1]))
    return len(ids)


async def add_test(connection: AsyncConnection, reference: str, case: int) -> bool:
    """Have a broadcast told first to the chat of one case, agreed or not, and to it no second time; tell whether both
    are known."""
    found = await connection.execute(
        sa.select(cases.c.chat_id).where(cases.c.number == case, sa.exists().where(broadcasts.c.id == reference))
    )
    chat_id = found.scalar()
    if chat_id is not None:
        await _MAKE.run(connection, [(reference, chat_id, "test")])
    return chat_id is not None


async def tests_wanted(connection: AsyncConnection) -> list[str]:
    """Return the broadcasts that wait for a test."""
    waiting = sa.select(broadcast_chats.c.broadcast_id).distinct().where(broadcast_chats.c.state == "test")
    return list((await connection.execute(waiting)).scalars())


async def to_tell(
    connection: AsyncConnection, keys: KeyRing, broadcast: Broadcast, limit: int, state: str = "made"
) -> list[Addressed]:
    """Return chats that were not told yet; with `state` "test" those that staff named."""
    owner = (chats.c.ref, chats.c.key_id, chats.c.data_key, chats.c.address)
    found = await connection.execute(
        sa.select(broadcast_chats.c.chat_id, *owner)
        .join(chats, broadcast_chats.c.chat_id == chats.c.id)
        .where(broadcast_chats.c.broadcast_id == broadcast.id, broadcast_chats.c.state == state)
        .where(chats.c.data_key.is_not(None), chats.c.address.is_not(None))
        .limit(limit)
    )
    return [
        Addressed(
            broadcast.id,
            row.chat_id,
            open_address(keys.unwrap(Wrapped(row.key_id, row.data_key), f"chats.{row.ref}"), row.ref, row.address),
            BroadcastDue(broadcast.text, key_of(broadcast.id, row.chat_id), test=state == "test"),
        )
        for row in found
    ]


async def note(
    connection: AsyncConnection, broadcast: str, chat_ids: Sequence[int], state: str, now: dt.datetime
) -> None:
    """Note chats as "told", "left_out" (no longer agreed), "withheld" (the same, but found at sending) or "tested"."""
    mine = sa.and_(broadcast_chats.c.broadcast_id == broadcast, broadcast_chats.c.chat_id.in_(chat_ids))
    await connection.execute(sa.update(broadcast_chats).where(mine).values(state=state, told_at=now))


def _row(broadcast: str, chat_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(broadcast_chats.c.broadcast_id == broadcast, broadcast_chats.c.chat_id == chat_id)


async def may_go(connection: AsyncConnection, key: str) -> bool:
    """Tell whether a broadcast may still be sent to a chat: neither stopped nor withdrawn meanwhile."""
    reference, _, chat_id = key.rpartition("/")
    found = await connection.execute(
        sa.select(broadcasts.c.id).where(
            broadcasts.c.id == reference,
            sa.or_(
                sa.and_(broadcasts.c.state != "stopped", _agreed(int(chat_id))),
                sa.exists().where(_row(reference, int(chat_id)), broadcast_chats.c.state.in_(("test", "tested"))),
            ),
        )
    )
    return found.first() is not None


async def progress(connection: AsyncConnection, reference: str) -> Progress:
    """Return a broadcast in numbers."""
    mine = broadcast_chats.c.broadcast_id == reference
    counted = sa.select(broadcast_chats.c.state, sa.func.count()).where(mine).group_by(broadcast_chats.c.state)
    states = {row[0]: row[1] for row in await connection.execute(counted)}
    sent = sa.select(outbox.c.state, sa.func.count(), sa.func.count(outbox.c.read_at)).where(
        sa.literal_column(f"outbox.{BROADCAST}"), outbox.c.idempotency.startswith(f"{reference}/")
    )
    found = (await connection.execute(sent.group_by(outbox.c.state))).all()
    rows = {row[0]: row[1] for row in found}
    withheld = states.get("withheld", 0)
    tests = states.get("test", 0) + states.get("tested", 0)
    return Progress(
        made=sum(states.values()) - tests,
        told=states.get("told", 0),
        left_out=states.get("left_out", 0) + withheld,
        delivered=rows.get("done", 0) + rows.get("stored", 0) - withheld - states.get("tested", 0),
        read=sum(row[2] for row in found),
        failed=rows.get("dead", 0),
        paid=await _paid_after(connection, mine),
    )


async def _paid_after(connection: AsyncConnection, mine: sa.ColumnElement[bool]) -> int:
    """How many chats that were told had a payment within the days that count."""
    told, microseconds = broadcast_chats.c.told_at, int(OUTCOME.total_seconds() * 1_000_000)
    later = sa.type_coerce(contributions.c.paid_at, sa.BigInteger) - sa.type_coerce(told, sa.BigInteger)
    paid = (
        sa.select(sa.func.count(broadcast_chats.c.chat_id.distinct()))
        .join(enrolments, enrolments.c.chat_id == broadcast_chats.c.chat_id)
        .join(contributions, contributions.c.enrolment_id == enrolments.c.id)
        .where(mine, broadcast_chats.c.state == "told", later.between(0, microseconds))
    )
    return int((await connection.execute(paid)).scalar_one())
