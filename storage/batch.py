"""What a batch of turns writes, collected row by row and then written with one statement a table (law 3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.effects import AnyEffect, EraseChat, EraseDraft, HandOff, KeepMedia, MoveTo
from conversations.messages import (
    BY_WORKER,
    FROM_STAFF,
    FROM_WORKER,
    MEANT_FOR_PEOPLE,
    Address,
    BroadcastDue,
    Incoming,
    Kind,
    Message,
    ReminderDue,
)
from conversations.session import Session, encode
from storage import broadcasts, cohorts, effects, handoffs, moving, news, reminders
from storage.cases.events import HAPPENED, HEARD, add_to_open
from storage.chats import Chat, seal_address
from storage.deliveries import (
    MEDIA,
    REPLY,
    Claim,
    Delivery,
    has_held,
    has_live_replies,
    payload_place,
    release_held,
)
from storage.erasure import erase_chat
from storage.rows import Insert, Row, Select, Update
from storage.sealing import KeyRing
from storage.tables import chats, inbound, outbox, stored

_to_json = msgspec.json.encode

_SOURCES = Select(inbound, "source", "source")
_REKEY = Update(chats, ("id",), "ref", "key_id", "data_key", "address")
_CHATS = Update(
    chats, ("id",), *("session", "locale", "flow", "step", "turns", "lines", "last_in_at", "last_said_at", "erased_at")
)
_COUNT = Update(chats, ("id",), "turns", "lines", "last_in_at", "last_said_at")
_INBOUND = Insert(inbound, "chat_id", "line", "source", "kind", "payload", "at", "flow", "step", "outcome", "error")
_OUTBOX = Insert(
    outbox,
    *("chat_id", "line", "lane", "channel", "bot", "order_key", "idempotency", "payload"),
    *("state", "attempts", "created_at", "due_at", "lease_until", "claimed_by"),
)
_ORDER: tuple[Insert | Update, ...] = (_REKEY, _CHATS, _COUNT, _INBOUND, _OUTBOX)
"""Chats' own rows first, what they own after them; effects' statements follow."""


class Played(msgspec.Struct, frozen=True):
    """One incoming and what the core made of it.

    `session` is None where the stored one stays as it is (the core failed); `flow` and `step` are what was being asked
    when the incoming came; `error` is the name of the error's type, never its message, which may hold what was typed.
    """

    incoming: Incoming
    session: Session | None
    messages: tuple[Message, ...] = ()
    effects: tuple[AnyEffect, ...] = ()
    flow: str = ""
    step: str = ""
    outcome: str = "answered"
    error: str | None = None


class Spoken(NamedTuple):
    """A reply and its number in the chat."""

    line: int
    message: Message


class Kept(NamedTuple):
    """What was written for one incoming: the chat and where it is now, the incoming's line, the replies."""

    chat_id: int
    address: Address
    line: int
    spoken: tuple[Spoken, ...]


def inbound_place(chat_id: int, line: int) -> str:
    """Return the place that an inbound payload is sealed for."""
    return f"inbound.payload.{chat_id}/{line}"


def sources(keys: KeyRing, incoming: Incoming) -> tuple[bytes, ...]:
    """Return the indexes by which an incoming is known again, that under which it is kept first; ids are indexed, since
    some hold phone numbers. What follows people is known again wherever they are by now."""
    here = keys.indexes("source", f"{incoming.address.channel}|{incoming.address.bot}|{incoming.id}")
    if isinstance(incoming.what, MEANT_FOR_PEOPLE):
        return (*keys.indexes("source", incoming.id), *here)
    return here


async def taken_before(connection: AsyncConnection, wanted: Iterable[bytes]) -> set[bytes]:
    """Return those sources that were taken already; ask after the chats are locked."""
    return {row.source for row in await _SOURCES.run(connection, wanted)}


class Batch:
    """The rows of one transaction: `look_ahead` once the chats are locked, `add` every turn, then `write` once."""

    def __init__(self, connection: AsyncConnection, keys: KeyRing, now: dt.datetime, claim: Claim) -> None:
        self._connection = connection
        self._keys = keys
        self._now = now
        self._at = stored(now)
        self._claim = claim
        self._busy: set[int] = set()
        self._locked: dict[Address, Chat] = {}
        self._moves: list[tuple[Chat, Address]] = []
        self._rows: dict[Insert | Update, list[Row]] = {statement: [] for statement in _ORDER}
        self._of_cases: list[Row] = []
        self.claimed: list[Delivery] = []
        """Replies that the claimant may send as soon as this is committed."""
        self.left: bool = False
        """Whether anything is left for the outbox to claim."""

    async def look_ahead(self, locked: dict[Address, Chat]) -> dict[Address, Chat]:
        """Find out which of these chats still have undelivered replies, that fresh ones must not overtake; return the
        chats with what is held for them noted."""
        self._locked = locked
        pushed = [chat.id for chat in locked.values() if chat.address.channel in self._claim.channels]
        self._busy = await has_live_replies(self._connection, pushed)
        closed = [chat.id for chat in locked.values() if not chat.window.is_open(self._now)]
        held = await has_held(self._connection, closed)
        return {a: chat._replace(unseen=chat.id in held) for a, chat in locked.items()} if held else locked

    async def full_cohorts(self, played: Played) -> frozenset[str]:
        """Return the cohorts that this turn counts on and that have no place left; see `cohorts.full_cohorts`."""
        return await cohorts.full_cohorts(self._connection, played.effects) if played.effects else frozenset()

    async def add(self, chat: Chat, source: bytes, played: Played) -> Kept:
        """Add one turn of a locked chat."""
        chat = await self._heard(chat, played.incoming)
        if played.effects and any(isinstance(effect, EraseChat) for effect in played.effects):
            chat, played = await self._erased(chat, played)
        chat = await self._moved(chat, played)
        told = news.Told(self._connection, self._keys, chat.id, self._now)
        await news.keep(told, played.incoming.what)
        line = chat.lines + 1
        spoken = tuple(Spoken(n, message) for n, message in enumerate(played.messages, start=line + 1))
        self._add_inbound(chat, line, source, played)
        self._add_replies(chat, spoken, played.incoming.what)
        last = line + len(spoken)
        if played.effects:
            last = await self._add_effects(told, chat, last, played)
        self._add_chat(chat, last, played)
        if played.session and (played.session.opened or played.session.case):
            self._add_of_case(chat, played.incoming.what)
        return Kept(chat.id, chat.address, line, spoken)

    async def write(self) -> None:
        """Write all that was added."""
        for statement, rows in self._rows.items():
            await statement.run(self._connection, rows)
        await add_to_open(self._connection, self._of_cases)
        for chat, to in self._moves:
            await moving.note(self._connection, chat, to, self._now)

    async def _heard(self, chat: Chat, incoming: Incoming) -> Chat:
        """Note when the worker spoke, and let go what was held until then."""
        if not isinstance(incoming.what, BY_WORKER):
            return chat
        sent = min(self._at, stored(incoming.sent_at)) if incoming.sent_at else self._at
        chat = chat._replace(said=max(sent, chat.said or 0))
        if chat.unseen and chat.window.is_open(self._now):
            await release_held(self._connection, chat.id, self._now)
            self._busy.add(chat.id)
            self.left = True
        return chat

    def _add_row(self, statement: Insert | Update, row: Row) -> None:
        self._rows.setdefault(statement, []).append(row)

    async def _erased(self, chat: Chat, played: Played) -> tuple[Chat, Played]:
        await erase_chat(self._connection, chat.id, self._now)
        chat = chat.rekeyed(self._keys)
        self._add_row(_REKEY, (chat.id, chat.ref, *chat.wrapped, seal_address(chat.key, chat.ref, chat.address)))
        session = played.session and msgspec.structs.replace(played.session, seed=chat.ref)
        return chat, msgspec.structs.replace(played, session=session)

    async def _moved(self, chat: Chat, played: Played) -> Chat:
        """Move the chat where its turn says so; its replies then wait for those that were left to be delivered."""
        to = next((effect.to for effect in played.effects if isinstance(effect, MoveTo)), None)
        if to is None or played.session is None:
            return chat
        self._busy.add(chat.id)
        self._moves.append((chat, to))
        await release_held(self._connection, chat.id, self._now)
        await moving.change_places(self._connection, self._keys, chat, self._locked[to], played.session)
        return chat._replace(address=to, said=self._locked[to].said)

    def _add_chat(self, chat: Chat, last: int, played: Played) -> None:
        turns, session = chat.turns + 1, played.session
        if session is None:
            self._add_row(_COUNT, (chat.id, turns, last, self._at, chat.said))
            return
        erased_at = self._at if EraseChat() in played.effects else None
        sealed = chat.key.seal(encode(session), f"chats.session.{chat.ref}")
        clear = (session.locale, session.flow, session.asked, turns, last, self._at, chat.said, erased_at)
        self._add_row(_CHATS, (chat.id, sealed, *clear))

    def _add_of_case(self, chat: Chat, what: Kind) -> None:
        """Let the desk know what came into a chat with an open case, unless an operator did it."""
        if not isinstance(what, FROM_STAFF):
            self._of_cases.append((chat.id, HEARD if isinstance(what, FROM_WORKER) else HAPPENED, self._at))

    def _add_inbound(self, chat: Chat, line: int, source: bytes, played: Played) -> None:
        what = played.incoming.what
        payload = None
        if not any(isinstance(effect, EraseChat | EraseDraft) for effect in played.effects):
            payload = chat.key.seal(_to_json((played.incoming.id, what)), inbound_place(chat.id, line))
        clear = (self._at, played.flow, played.step, played.outcome, played.error)
        self._add_row(_INBOUND, (chat.id, line, source, str(what.__struct_config__.tag), payload, *clear))

    def _add_replies(self, chat: Chat, spoken: Iterable[Spoken], to: Kind) -> None:
        channel, bot, _ = chat.address
        at, claim = self._at, self._claim
        bulk = _bulk(to)
        how: Row = ("new", 0, at, at, None, None)
        if channel in claim.pulled:
            how = ("stored", 0, at, at, None, None)
        elif bulk is None and self._may_send_now(chat):
            how = ("sending", 1, at, at, stored(claim.until), claim.holder)
            self.claimed += (
                Delivery(chat.id, line, REPLY, channel, bot, REPLY, 1, chat.address, None, message, claim.until)
                for line, message in spoken
            )
        else:
            self.left = True
        lane, order, key = bulk or (REPLY, REPLY, None)
        for line, message in spoken:
            sealed = chat.key.seal(_to_json(message), payload_place(chat.id, line))
            self._add_row(_OUTBOX, (chat.id, line, lane, channel, bot, order, key, sealed, *how))

    def _may_send_now(self, chat: Chat) -> bool:
        reached = chat.address.channel in self._claim.channels and chat.window.is_open(self._now)
        return reached and chat.id not in self._busy

    async def _add_effects(self, told: news.Told, chat: Chat, line: int, played: Played) -> int:
        """Add the rows of the effects; return the last line used."""
        wanted = effects.Wanted(told, chat, played.session, self._add_row)
        for effect in played.effects:
            await effects.keep(wanted, effect)
            if isinstance(effect, HandOff):
                line += 1
                self._add_hand_off(chat, line, effect)
            elif isinstance(effect, KeepMedia) and chat.address.channel not in self._claim.pulled:
                line += 1
                self._add_fetching(chat, line, msgspec.structs.replace(effect, line=chat.lines + 1))
        return line

    def _add_hand_off(self, chat: Chat, line: int, effect: HandOff) -> None:
        self.left = True
        key, once = handoffs.order_key(effect), handoffs.idempotency(chat.ref, effect)
        sealed = chat.key.seal(_to_json(effect), payload_place(chat.id, line))
        where = (chat.id, line, handoffs.LANE, handoffs.channel(effect), "", key, once, sealed)
        self._add_row(_OUTBOX, (*where, "new", 0, self._at, self._at, None, None))

    def _add_fetching(self, chat: Chat, line: int, effect: KeepMedia) -> None:
        self.left = True
        channel, bot, _ = chat.address
        sealed = chat.key.seal(_to_json(effect), payload_place(chat.id, line))
        where = (chat.id, line, MEDIA, channel, bot, MEDIA, None, sealed)
        self._add_row(_OUTBOX, (*where, "new", 0, self._at, self._at, None, None))


def _bulk(to: Kind) -> tuple[str, str, str] | None:
    """Return lane, order and key of a reminder or a broadcast: in no order, after everybody who waits."""
    match to:
        case ReminderDue(key=key) if key:
            return (reminders.LANE, "", key)
        case BroadcastDue(key=key):
            return (broadcasts.LANE, "", key)
    return None
