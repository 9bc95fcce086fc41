"""The outbox: rows to be delivered, claimed by one process at a time and settled once (law 5).

A row is "stored" (web chat, terminal: the row itself is the delivery, pulled by its line), or "new", then "sending"
while a process holds it, then "done" or "dead". The attempt is counted and committed before the sending. Of rows that
share a chat and an order key only the first live one is claimed; a dead row holds up nothing.

A row is "held" while its channel lets nothing be said in free words (`storage/window.py`): it waits for the worker to
speak, which makes it "new" again. What the channel tells of it later stands beside the state (`Reached`).
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
from storage.window import ALWAYS, EARLY, LENGTH, Window, window_after

REPLY = "reply"
MEDIA = "media"
"""What the worker sent, to be fetched and kept; nobody waits for it in the chat."""
EFFECTS = (handoffs.LANE, MEDIA)
"""Lanes whose rows are effects, not words: nothing that was said."""
BULK = ("reminder", "broadcast", MEDIA)
PROMPT = (REPLY, handoffs.LANE)
PULLED = frozenset({"web", "terminal", "paper"})
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
    """A claimed row, opened: `what` is a reply or an effect; it is this process's until `until`.

    `window` is until when free words may be sent; `called` tells that other rows of this chat are held already.
    """

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
    window: Window = ALWAYS
    called: bool = False


class Settled(NamedTuple):
    """What became of an attempt: `state` "done", "dead", "held" or again "new" (then due at `due_at`), and the error's
    name."""

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
_HELD = Select(outbox, "chat_id", "chat_id", where="state = 'held'")
_OWNERS = Select(chats, "id", "id", "ref", "key_id", "data_key", "address", "last_said_at")
_MESSAGE = msgspec.json.Decoder(Message)
_EFFECT: msgspec.json.Decoder[AnyEffect] = msgspec.json.Decoder(AnyEffect)


async def has_live_replies(connection: AsyncConnection, chat_ids: Sequence[int]) -> set[int]:
    """Return those chats that have a reply still to be delivered."""
    return {row.chat_id for row in await _BUSY.run(connection, chat_ids)}


_RELEASED: dict[str, Any] = {"state": "new", "attempts": 0, "error": None}


async def has_held(connection: AsyncConnection, chat_ids: Sequence[int]) -> set[int]:
    """Return those chats that have a reply held until the worker speaks."""
    return {row.chat_id for row in await _HELD.run(connection, chat_ids)}


async def release_held(connection: AsyncConnection, chat_id: int, now: dt.datetime) -> None:
    """Let go what a locked chat's worker can be told again, in its order."""
    await connection.execute(
        sa.update(outbox).where(outbox.c.chat_id == chat_id, outbox.c.state == "held").values(**_RELEASED, due_at=now)
    )


async def release_open(connection: AsyncConnection, now: dt.datetime) -> None:
    """Let go what is held although its worker can be told: they spoke while it was just being held."""
    for channel, length in LENGTH.items():
        spoke = sa.exists().where(chats.c.id == outbox.c.chat_id, chats.c.last_said_at > now - length + EARLY)
        await connection.execute(
            sa.update(outbox)
            .where(sa.literal_column("outbox.state = 'held'"), outbox.c.channel == channel, spoke)
            .values(**_RELEASED, due_at=now)
        )


async def expire_held(connection: AsyncConnection, before: dt.datetime) -> int:
    """Give up what has been held since before a moment: the worker did not speak again; return how many."""
    found = await connection.execute(
        sa.update(outbox)
        .where(sa.literal_column("state = 'held'"), outbox.c.created_at < before)
        .values(state="dead", error="NeverAsked")
    )
    return found.rowcount


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
    whole = [delivery for delivery in opened if delivery.address != _NOWHERE]
    held = await has_held(connection, [d.chat_id for d in whole if not d.window.is_open(now)])
    return [one._replace(called=True) if one.chat_id in held else one for one in whole], broken


_COPIED = ("chat_id", "line", "lane", "channel", "bot", "order_key", "attempts", "idempotency")
_NOWHERE = Address("", "", "")


async def free_all(connection: AsyncConnection) -> None:
    """Give back every row that is being sent; for the only process of a database, when it starts."""
    await connection.execute(
        sa.update(outbox).where(sa.literal_column(f"outbox.{LIVE}"), outbox.c.state == "sending").values(state="new")
    )


async def free_claims(connection: AsyncConnection, holders: Collection[str], until: dt.datetime) -> None:
    """Give back what these processes were sending, as far as their lease ends after a moment."""
    await connection.execute(
        sa.update(outbox)
        .where(sa.literal_column(f"outbox.{LIVE}"), outbox.c.state == "sending", outbox.c.lease_until > until)
        .where(outbox.c.claimed_by.in_(holders))
        .values(state="new")
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
        return Delivery(
            **named, address=address, what=what, until=until, window=window_after(row.channel, owner.last_said_at)
        )

    try:
        key = keys.unwrap(Wrapped(owner.key_id, owner.data_key or b""), f"chats.{owner.ref}")
        address = open_address(key, owner.ref, owner.address or b"")
        payload = key.open(row.payload or b"", payload_place(row.chat_id, row.line))
    except SealingError:
        return delivery(_NOWHERE, Message(""))
    decoder: msgspec.json.Decoder[Any] = _EFFECT if row.lane in EFFECTS else _MESSAGE
    return delivery(address, decoder.decode(payload))


# --- settling --------------------------------------------------------------------------------------------------------

_FENCE = ("chat_id", "line", "claimed_by", "attempts")
_SETTLE = Update(outbox, _FENCE, "state", "due_at", "done_at", "error")
# A hand-off that arrived is the backend's to keep; its copy of somebody's data here has no more purpose. Nor has the
# name of a file once it was fetched.
_FORGET = Update(outbox, _FENCE, "state", "due_at", "done_at", "error", "payload")


async def settle(connection: AsyncConnection, holder: str, settled: Iterable[Settled]) -> None:
    """Write what became of attempts; a row that another process has taken over since is left alone."""
    kept: list[Row] = []
    forgotten: list[Row] = []
    for one in settled:
        delivery, done = one.delivery, stored(one.at) if one.state in ("done", "dead") else None
        fence = (delivery.chat_id, delivery.line, holder, delivery.attempts)
        row = (*fence, one.state, stored(one.due_at), done, one.error)
        if one.state == "done" and delivery.lane in EFFECTS:
            forgotten.append((*row, None))
        else:
            kept.append(row)
    await _SETTLE.run(connection, kept)
    await _FORGET.run(connection, forgotten)


async def fail_later(connection: AsyncConnection, chat_id: int, line: int, error: str, now: dt.datetime) -> None:
    """Mark a reply dead that its channel took at first; whoever still sends it may not mark it as done any more."""
    await connection.execute(
        sa.update(outbox)
        .where(outbox.c.chat_id == chat_id, outbox.c.line == line, outbox.c.state.in_(("sending", "done", "held")))
        .where(outbox.c.lane.not_in(EFFECTS))
        .values(state="dead", error=error, done_at=now, claimed_by=None)
    )


class Reached(NamedTuple):
    """What a channel tells of a row it took: `how` far it came ("sent", "delivered", "read") and when (UTC)."""

    chat_id: int
    line: int
    how: str
    at: dt.datetime


_REACHED = {how: Update(outbox, ("chat_id", "line"), f"{how}_at") for how in ("sent", "delivered", "read")}


async def note_reached(connection: AsyncConnection, told: Iterable[Reached]) -> None:
    """Write how far rows came, in any order and as often as it is told; rows that aren't there are no fault.

    Each way has a moment of its own, so that what is told late takes nothing back, and the state is left alone.
    """
    rows: dict[str, list[Row]] = {how: [] for how in _REACHED}
    for one in sorted(told):
        rows[one.how].append((one.chat_id, one.line, stored(one.at)))
    for how, statement in _REACHED.items():
        await statement.run(connection, rows[how])
