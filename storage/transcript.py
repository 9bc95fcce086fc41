"""Reading a chat back: what was said in both directions, in the order of its lines."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.messages import Address, Kind, Message, StaffSaid, Tap, Text, What
from storage.batch import inbound_place
from storage.chats import address_text
from storage.deliveries import EFFECTS, payload_place
from storage.sealing import DataKey, KeyRing, Wrapped
from storage.tables import LIVE, chats, inbound, outbox

WORKER, JAMIN, STAFF, EVENT = "worker", "jamin", "staff", "event"

_SAID: msgspec.json.Decoder[tuple[str, What]] = msgspec.json.Decoder(tuple[str, What])
_MESSAGE = msgspec.json.Decoder(Message)


class Line(NamedTuple):
    """One line of a chat.

    `author` is "worker", "jamin", "staff" or "event" (what a backend or a timer brought; `words` is then its kind).
    A reply has its whole `message`, whose text is also in `words`; a tap shows the label of the button it pressed.
    `id` is the incoming's, as the channel gave it; "" for a reply.
    """

    seq: int
    author: str
    words: str
    message: Message | None
    at: dt.datetime
    id: str = ""


async def undelivered_lines(connection: AsyncConnection, chat_id: int) -> dict[int, str]:
    """Return the replies that did not reach the worker yet: line and "new", "sending", "held" or
    "dead"."""
    waits = sa.or_(sa.literal_column(f"outbox.{LIVE}"), sa.literal_column("outbox.state IN ('held', 'dead')"))
    found = await connection.execute(
        sa.select(outbox.c.line, outbox.c.state).where(
            outbox.c.chat_id == chat_id, outbox.c.lane.not_in(EFFECTS), waits
        )
    )
    return {row.line: row.state for row in found}


class _Owner(NamedTuple):
    id: int
    key: DataKey


async def lines_after(connection: AsyncConnection, keys: KeyRing, address: Address, after: int = 0) -> list[Line]:
    """Return the lines of an address's chat whose number is above `after`; none if it never spoke or was erased."""
    indexes = keys.indexes("address", address_text(address))
    return await _lines(connection, keys, chats.c.address_index.in_(indexes), after)


async def lines_of_chat(connection: AsyncConnection, keys: KeyRing, chat_id: int, after: int = 0) -> list[Line]:
    """Return the lines of a chat known by its id, as staff read it."""
    return await _lines(connection, keys, chats.c.id == chat_id, after)


async def _lines(connection: AsyncConnection, keys: KeyRing, which: sa.ColumnElement[bool], after: int) -> list[Line]:
    found = await connection.execute(sa.select(chats.c.id, chats.c.ref, chats.c.key_id, chats.c.data_key).where(which))
    row = found.first()
    if row is None or row.data_key is None:
        return []
    owner = _Owner(row.id, keys.unwrap(Wrapped(row.key_id, row.data_key), f"chats.{row.ref}"))
    replies = await _replies(connection, owner)
    said = await _said(connection, owner, after, _labels(replies))
    return sorted([line for line in replies if line.seq > after] + said)


async def _replies(connection: AsyncConnection, owner: _Owner) -> list[Line]:
    rows = await connection.execute(
        sa.select(outbox.c.line, outbox.c.payload, outbox.c.created_at).where(
            outbox.c.chat_id == owner.id, outbox.c.lane.not_in(EFFECTS), outbox.c.payload.is_not(None)
        )
    )
    messages = (
        (row.line, _MESSAGE.decode(owner.key.open(row.payload, payload_place(owner.id, row.line))), row.created_at)
        for row in rows
    )
    return [Line(line, JAMIN, message.text, message, at) for line, message, at in messages]


def _labels(replies: list[Line]) -> dict[str, str]:
    """Return the label of every button shown, by its value."""
    return {
        button.value: button.label
        for line in replies
        if line.message is not None
        for button in line.message.buttons
        if button.value
    }


async def _said(connection: AsyncConnection, owner: _Owner, after: int, labels: dict[str, str]) -> list[Line]:
    rows = await connection.execute(
        sa.select(inbound.c.line, inbound.c.payload, inbound.c.at).where(
            inbound.c.chat_id == owner.id, inbound.c.line > after, inbound.c.payload.is_not(None)
        )
    )
    lines = []
    for row in rows:
        said, what = _SAID.decode(owner.key.open(row.payload, inbound_place(owner.id, row.line)))
        author, words = _author(what, labels)
        lines.append(Line(row.line, author, words, None, row.at, said))
    return lines


def _author(what: Kind, labels: dict[str, str]) -> tuple[str, str]:
    match what:
        case Text(text):
            return WORKER, text
        case Tap(value):
            return WORKER, labels.get(value, "")
        case StaffSaid(text=text):
            return STAFF, text
        case _:
            return EVENT, str(what.__struct_config__.tag)
