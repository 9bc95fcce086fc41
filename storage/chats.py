"""Finding, making and locking the chats of a batch, in the one order that does not deadlock (law 11).

(1) Addresses never seen are inserted, sorted, on conflict do nothing; (2) the chat rows are locked in the order of
their ids, each with its session in it; (3) everything else comes after.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.messages import Address
from conversations.months import Month
from storage.rows import Insert, Row, Select
from storage.sealing import DataKey, KeyRing, Wrapped
from storage.tables import chats, contributions, enrolments, stored
from storage.window import Window, window_after

_REMEMBERED = 100_000

_FIND = Select(chats, "address_index", "address_index", "id")
_MAKE = Insert(
    chats,
    *("ref", "channel", "bot", "address_index", "address", "key_id", "data_key", "created_at", "last_in_at"),
    conflict="ON CONFLICT DO NOTHING",
)
_LOCKED = ("id", "ref", "address_index", "key_id", "data_key", "session", "locale", "turns", "lines", "last_said_at")
_INDEX = _LOCKED.index("address_index")
_LOCK = Select(chats, "id", *_LOCKED, tail="ORDER BY id", lock="FOR UPDATE")


class Chat(NamedTuple):
    """One chat as it is stored and locked; `session` is still encoded, b"" for a chat that never spoke. `said` is when
    the worker last spoke, as tables keep moments; `unseen` tells that replies to them are held until they speak."""

    id: int
    ref: str
    address: Address
    wrapped: Wrapped
    key: DataKey
    session: bytes
    locale: str
    turns: int
    lines: int
    said: int | None
    unseen: bool = False

    @property
    def window(self) -> Window:
        """Until when free words may be sent here."""
        return window_after(self.address.channel, self.said)

    def rekeyed(self, keys: KeyRing) -> Chat:
        """Return the chat under a new data key and reference; what the old key sealed never opens again."""
        ref = uuid.uuid4().hex
        wrapped, key = keys.new_key(f"chats.{ref}")
        return self._replace(ref=ref, wrapped=wrapped, key=key)


def address_text(address: Address) -> str:
    """Return the text that an address is looked up by."""
    return "|".join(address)


def seal_address(key: DataKey, ref: str, address: Address) -> bytes:
    """Seal the other side's address for its chat row."""
    return key.seal(msgspec.json.encode(address), f"chats.address.{ref}")


def open_address(key: DataKey, ref: str, sealed: bytes) -> Address:
    """Open what `seal_address` sealed."""
    return msgspec.json.decode(key.open(sealed, f"chats.address.{ref}"), type=Address)


class Chats:
    """The chats of a database; remembers which row belongs to an address seen lately."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys
        self._known: dict[Address, tuple[int, bytes]] = {}

    async def find(self, connection: AsyncConnection, address: Address) -> int | None:
        """Return the id of an address's chat, or None if it never spoke."""
        rows = await _FIND.run(connection, self._keys.indexes("address", address_text(address)))
        return rows[0].id if rows else None

    async def lock(
        self, connection: AsyncConnection, addresses: Sequence[Address], now: dt.datetime
    ) -> dict[Address, Chat]:
        """Lock the chats of these addresses until the transaction ends, making those that do not exist."""
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        while True:
            await self._learn(connection, [a for a in addresses if a not in self._known], now)
            of_id = {self._known[address][0]: address for address in addresses}
            rows = await _LOCK.run(connection, sorted(of_id))
            # Taken apart at once, in the order of `_LOCKED`: reading rows by names costs more than opening them.
            found = ((of_id[row[0]], tuple(row)) for row in rows)
            locked = {address: self._opened(address, row) for address, row in found if self._is(address, row)}
            stale = of_id.values() - locked.keys()
            if not stale:
                return locked
            # Made in a transaction that was rolled back, or forgotten since.
            for address in stale:
                del self._known[address]

    def _is(self, address: Address, row: Row) -> bool:
        return bool(row[_INDEX] == self._known[address][1])

    def _opened(self, address: Address, row: Row) -> Chat:
        chat_id, ref, _, key_id, data_key, sealed, locale, turns, lines, said = row
        wrapped = Wrapped(key_id, data_key)
        key = self._keys.unwrap(wrapped, f"chats.{ref}")
        session = key.open(sealed, f"chats.session.{ref}") if sealed else b""
        return Chat(chat_id, ref, address, wrapped, key, session, locale, turns, lines, said)

    async def _learn(self, connection: AsyncConnection, addresses: Sequence[Address], now: dt.datetime) -> None:
        missing = await self._look_up(connection, addresses)
        if not missing:
            return
        rows = sorted((self._new_row(address, now) for address in missing), key=lambda row: row[3])
        await _MAKE.run(connection, rows)
        await self._look_up(connection, missing)

    async def _look_up(self, connection: AsyncConnection, addresses: Iterable[Address]) -> list[Address]:
        """Remember the ids of these addresses; return those that have no row."""
        wanted = {index: a for a in addresses for index in self._keys.indexes("address", address_text(a))}
        for row in await _FIND.run(connection, wanted):
            self._known[wanted[row.address_index]] = (row.id, row.address_index)
        return [address for address in addresses if address not in self._known]

    def _new_row(self, address: Address, now: dt.datetime) -> tuple[Any, ...]:
        ref = uuid.uuid4().hex
        wrapped, key = self._keys.new_key(f"chats.{ref}")
        index = self._keys.index("address", address_text(address))
        sealed = seal_address(key, ref, address)
        return (ref, address.channel, address.bot, index, sealed, *wrapped, stored(now), stored(now))


async def chat_by_ref(connection: AsyncConnection, keys: KeyRing, ref: str) -> Chat | None:
    """Return the chat with this reference, None if there is none or it was erased. It isn't locked."""
    return await _unlocked(connection, keys, chats.c.ref == ref)


async def chat_by_id(connection: AsyncConnection, keys: KeyRing, chat_id: int) -> Chat | None:
    """Return a chat by its id, None if there is none or it was erased. It isn't locked."""
    return await _unlocked(connection, keys, chats.c.id == chat_id)


async def chat_at(connection: AsyncConnection, keys: KeyRing, address: Address) -> Chat | None:
    """Return the chat at this address, None if there is none or it was erased. It isn't locked."""
    indexes = keys.indexes("address", address_text(address))
    return await _unlocked(connection, keys, chats.c.address_index.in_(indexes))


async def _unlocked(connection: AsyncConnection, keys: KeyRing, condition: sa.ColumnElement[bool]) -> Chat | None:
    columns = (chats.c[name] for name in (*_LOCKED[:-1], "address"))
    said = sa.type_coerce(chats.c.last_said_at, sa.BigInteger)
    row = (await connection.execute(sa.select(*columns, said.label("said")).where(condition))).first()
    if row is None or row.data_key is None:
        return None
    wrapped = Wrapped(row.key_id, row.data_key)
    key = keys.unwrap(wrapped, f"chats.{row.ref}")
    session = key.open(row.session, f"chats.session.{row.ref}") if row.session else b""
    address = open_address(key, row.ref, row.address)
    return Chat(row.id, row.ref, address, wrapped, key, session, row.locale, row.turns, row.lines, row.said)


async def move_chat(connection: AsyncConnection, keys: KeyRing, old: Address, new: Address) -> bool:
    """Give a chat another address; tell whether there was one. Whoever writes from the old one is a new chat."""
    found = await _FIND.run(connection, keys.indexes("address", address_text(old)))
    if not found:
        return False
    [row] = await _LOCK.run(connection, [found[0].id])
    await give_address(connection, keys, (row.id, row.ref, _key(keys, row)), new)
    return True


async def follow(connection: AsyncConnection, keys: KeyRing, chat: Chat, address: str) -> None:
    """Give a locked chat another address of its channel; not where a chat is there already: people are never merged."""
    new = chat.address._replace(address=address)
    if not await _FIND.run(connection, keys.indexes("address", address_text(new))):
        await give_address(connection, keys, (chat.id, chat.ref, chat.key), new)


async def give_address(
    connection: AsyncConnection, keys: KeyRing, chat: tuple[int, str, DataKey], new: Address
) -> None:
    """Seal an address for a locked chat (its id, reference and key), and let it be found there."""
    chat_id, ref, key = chat
    values = {
        "address_index": keys.index("address", address_text(new)),
        "address": seal_address(key, ref, new),
        "channel": new.channel,
        "bot": new.bot,
    }
    await connection.execute(sa.update(chats).where(chats.c.id == chat_id).values(values))


class Draft(NamedTuple):
    """A chat that was left: its reference and address, and when the worker was last there."""

    ref: str
    address: Address
    left: dt.datetime


async def idle_drafts(connection: AsyncConnection, keys: KeyRing, before: dt.datetime, limit: int) -> list[Draft]:
    """Return chats left since before a moment that hold something and enrolled nobody."""
    enrolled = sa.exists().where(enrolments.c.chat_id == chats.c.id)
    return await _idle(connection, keys, before, limit, ~enrolled)


async def idle_members(connection: AsyncConnection, keys: KeyRing, before: dt.datetime, limit: int) -> list[Draft]:
    """Return chats that enrolled somebody, left since before a moment, with no month paid that ended after it."""
    mine = sa.exists().where(enrolments.c.chat_id == chats.c.id)
    since = str(Month.of(before))
    paid = mine.where(contributions.c.enrolment_id == enrolments.c.id, contributions.c.month >= since)
    return await _idle(connection, keys, before, limit, mine, ~paid)


async def _idle(
    connection: AsyncConnection, keys: KeyRing, before: dt.datetime, limit: int, *which: sa.ColumnElement[bool]
) -> list[Draft]:
    found = await connection.execute(
        sa.select(chats.c.ref, chats.c.key_id, chats.c.data_key, chats.c.address, chats.c.last_in_at)
        .where(chats.c.last_in_at < before, chats.c.erased_at.is_(None), chats.c.data_key.is_not(None), *which)
        .limit(limit)
    )
    return [Draft(row.ref, open_address(_key(keys, row), row.ref, row.address), row.last_in_at) for row in found]


def _key(keys: KeyRing, row: Any) -> DataKey:
    return keys.unwrap(Wrapped(row.key_id, row.data_key), f"chats.{row.ref}")
