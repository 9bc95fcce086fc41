"""The outbox: rows to be delivered, claimed by one process at a time and settled once (law 5).

A row is "stored" (web chat, terminal: the row itself is the delivery, pulled by its line), or "new", then "sending"
while a process holds it, then "done" or "dead". The attempt is counted and committed before the sending. Of rows that
share a chat and an order key only the first live one is claimed; a dead row holds up nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.effects import AnyEffect
from conversations.messages import Address, Message
from storage import handoffs
from storage.chats import open_address
from storage.rows import Row, Select, Update
from storage.sealing import KeyRing, SealingError, Wrapped
from storage.tables import LIVE, chats, outbox, stored

REPLY = "reply"
BULK = ("reminder", "broadcast")
PROMPT = (REPLY, handoffs.LANE)
PULLED = frozenset({"web", "terminal"})
"""The channels that fetch their replies themselves, by line."""

LEASE = dt.timedelta(seconds=90)
"""How long a process may hold a row; after that another one takes it for dead. Longer than any sender's timeout."""


class Claim(NamedTuple):
    """Who claims, until when, and for which pushed channels; `pulled` channels are never claimed."""

    holder: str
    until: dt.datetime
    channels: frozenset[str]
    pulled: frozenset[str] = PULLED


class Delivery(NamedTuple):
    """A claimed row, opened: `what` is a reply or a hand-off; it is this process's until `until`."""

    chat_id: int
    line: int
    lane: str
    channel: str
    bot: str
    order_key: str
    attempts: int
    address: Address
    idempotency: str | None
    what: Message | AnyEffect
    until: dt.datetime


class Settled(NamedTuple):
    """What became of an attempt: `state` "done", "dead" or again "new" (then due at `due_at`), and the error's name."""

    delivery: Delivery
    state: str
    at: dt.datetime
    due_at: dt.datetime
    error: str | None = None


def payload_place(chat_id: int, line: int) -> str:
    """Return the place that an outbox payload is sealed for."""
    return f"outbox.payload.{chat_id}/{line}"


# --- claiming --------------------------------------------------------------------------------------------------------

_BUSY = Select(outbox, "chat_id", "chat_id", where=f"{LIVE} AND order_key = '{REPLY}'")
_OWNERS = Select(chats, "id", "id", "ref", "key_id", "data_key", "address")
_MESSAGE = msgspec.json.Decoder(Message)
_EFFECT: msgspec.json.Decoder[AnyEffect] = msgspec.json.Decoder(AnyEffect)


async def has_live_replies(connection: AsyncConnection, chat_ids: Sequence[int]) -> set[int]:
    """Return those chats that have a reply still to be delivered."""
    return {row.chat_id for row in await _BUSY.run(connection, chat_ids)}


def _claimable(lanes: Collection[str], channels: Collection[str], now: dt.datetime) -> sa.Select[tuple[int, int]]:
    row, earlier = outbox.alias("row"), outbox.alias("earlier")
    free = sa.or_(
        sa.and_(row.c.state == "new", row.c.due_at <= now),
        sa.and_(row.c.state == "sending", row.c.lease_until < now),
    )
    overtakes = sa.exists().where(
        earlier.c.chat_id == row.c.chat_id,
        earlier.c.order_key == row.c.order_key,
        earlier.c.line < row.c.line,
        sa.literal_column(f"earlier.{LIVE}"),
    )
    return (
        sa.select(row.c.chat_id, row.c.line)
        .where(sa.literal_column(f"row.{LIVE}"), row.c.channel.in_(channels), row.c.lane.in_(lanes), free)
        .where(sa.or_(row.c.lane.in_(BULK), ~overtakes))
        .order_by(row.c.due_at, row.c.chat_id, row.c.line)
        .with_for_update(skip_locked=True, of=row)
    )


async def claim_ready(
    connection: AsyncConnection, keys: KeyRing, claim: Claim, now: dt.datetime, lanes: Collection[str], limit: int
) -> tuple[list[Delivery], list[Settled]]:
    """Claim at most `limit` rows that are due and open them; rows that cannot be opened come back settled as dead."""
    ready = _claimable(lanes, claim.channels, now).limit(limit)
    taken = await connection.execute(
        sa.update(outbox)
        .where(sa.tuple_(outbox.c.chat_id, outbox.c.line).in_(ready))
        .values(state="sending", attempts=outbox.c.attempts + 1, lease_until=claim.until, claimed_by=claim.holder)
        .returning(*(outbox.c[name] for name in (*_COPIED, "payload")))
    )
    rows = sorted(taken.all(), key=lambda row: (row.chat_id, row.line))
    owners = {row.id: row for row in await _OWNERS.run(connection, {row.chat_id for row in rows})}
    opened = [_opened(keys, row, owners[row.chat_id], claim.until) for row in rows]
    broken = [Settled(d, "dead", now, now, "SealingError") for d in opened if d.address == _NOWHERE]
    return [delivery for delivery in opened if delivery.address != _NOWHERE], broken


_COPIED = ("chat_id", "line", "lane", "channel", "bot", "order_key", "attempts", "idempotency")
_NOWHERE = Address("", "", "")


async def free_all(connection: AsyncConnection) -> None:
    """Give back every row that is being sent; for the only process of a database, when it starts."""
    await connection.execute(
        sa.update(outbox).where(sa.literal_column(f"outbox.{LIVE}"), outbox.c.state == "sending").values(state="new")
    )


async def has_due(connection: AsyncConnection, channels: Collection[str], now: dt.datetime) -> bool:
    """Tell whether any row is due on these channels, or was left by a process that died."""
    due = sa.or_(
        sa.and_(outbox.c.state == "new", outbox.c.due_at <= now),
        sa.and_(outbox.c.state == "sending", outbox.c.lease_until < now),
    )
    live: sa.ColumnElement[bool] = sa.literal_column(f"outbox.{LIVE}")
    return bool(
        (await connection.execute(sa.select(sa.exists().where(live, outbox.c.channel.in_(channels), due)))).scalar()
    )


async def has_live_handoffs(connection: AsyncConnection) -> bool:
    """Tell whether any hand-off is still to be delivered."""
    live: sa.ColumnElement[bool] = sa.literal_column(f"outbox.{LIVE}")
    return bool((await connection.execute(sa.select(sa.exists().where(live, outbox.c.lane == handoffs.LANE)))).scalar())


def _opened(keys: KeyRing, row: sa.Row[Any], owner: sa.Row[Any], until: dt.datetime) -> Delivery:
    def delivery(address: Address, what: Message | AnyEffect) -> Delivery:
        named = {name: getattr(row, name) for name in _COPIED}
        return Delivery(**named, address=address, what=what, until=until)

    try:
        key = keys.unwrap(Wrapped(owner.key_id, owner.data_key or b""), f"chats.{owner.ref}")
        address = open_address(key, owner.ref, owner.address or b"")
        payload = key.open(row.payload or b"", payload_place(row.chat_id, row.line))
    except SealingError:
        return delivery(_NOWHERE, Message(""))
    decoder: msgspec.json.Decoder[Any] = _EFFECT if row.lane == handoffs.LANE else _MESSAGE
    return delivery(address, decoder.decode(payload))


# --- settling --------------------------------------------------------------------------------------------------------

_FENCE = ("chat_id", "line", "claimed_by", "attempts")
_SETTLE = Update(outbox, _FENCE, "state", "due_at", "done_at", "error")
# A hand-off that arrived is the backend's to keep; its copy of somebody's data here has no more purpose.
_FORGET = Update(outbox, _FENCE, "state", "due_at", "done_at", "error", "payload")


async def settle(connection: AsyncConnection, holder: str, settled: Iterable[Settled]) -> None:
    """Write what became of attempts; a row that another process has taken over since is left alone."""
    kept: list[Row] = []
    forgotten: list[Row] = []
    for one in settled:
        delivery, done = one.delivery, stored(one.at) if one.state != "new" else None
        fence = (delivery.chat_id, delivery.line, holder, delivery.attempts)
        row = (*fence, one.state, stored(one.due_at), done, one.error)
        if one.state == "done" and delivery.lane == handoffs.LANE:
            forgotten.append((*row, None))
        else:
            kept.append(row)
    await _SETTLE.run(connection, kept)
    await _FORGET.run(connection, forgotten)


async def fail_later(connection: AsyncConnection, chat_id: int, line: int, error: str, now: dt.datetime) -> None:
    """Mark a reply dead that its channel took at first; whoever still sends it may not mark it as done any more."""
    await connection.execute(
        sa.update(outbox)
        .where(outbox.c.chat_id == chat_id, outbox.c.line == line, outbox.c.state.in_(("sending", "done")))
        .where(outbox.c.lane != handoffs.LANE)
        .values(state="dead", error=error, done_at=now, claimed_by=None)
    )
