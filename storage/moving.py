"""Going on elsewhere: codes by which a chat is found for a while, and the move itself.

A code is stored as an index only. In a move two chats change places: the one that was left takes the new address with
all that is in it, the one that was there is emptied and takes the old address, so that nobody who writes there finds
anything. Both rows are locked before (law 11), and all of it is the turn's own transaction.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.messages import Address
from conversations.session import Session, decode, encode, fresh
from storage import audit
from storage.chats import Chat, address_text, open_address, seal_address
from storage.deliveries import EFFECTS, PULLED
from storage.erasure import erase_transcript
from storage.rows import Insert
from storage.sealing import KeyRing, Wrapped
from storage.tables import LIVE, chats, moment, moves, outbox

SHOWN = Insert(moves, "chat_id", "code_index", "shown_at", "expires_at", "from_channel")


class Found(NamedTuple):
    """The chat that a code leads to, and why it may not: "" for a good code, else "expired" or "used"."""

    address: Address
    wrong: str


async def find(connection: AsyncConnection, keys: KeyRing, code: str, now: dt.datetime) -> Found | None:
    """Return the chat that showed a code; None where none did, or it was erased since."""
    found = await connection.execute(
        sa.select(moves.c.expires_at, moves.c.used_at, chats.c.ref, chats.c.key_id, chats.c.data_key, chats.c.address)
        .join(chats, chats.c.id == moves.c.chat_id)
        .where(moves.c.code_index.in_(keys.indexes("move", code)), chats.c.data_key.is_not(None))
    )
    row = found.first()
    if row is None:
        return None
    key = keys.unwrap(Wrapped(row.key_id, row.data_key), f"chats.{row.ref}")
    wrong = "used" if row.used_at else "expired" if row.expires_at <= now else ""
    return Found(open_address(key, row.ref, row.address), wrong)


async def void_codes(connection: AsyncConnection, chat_id: int, now: dt.datetime) -> None:
    """End the codes of a chat that were not used."""
    unused = sa.and_(moves.c.chat_id == chat_id, moves.c.used_at.is_(None), moves.c.expires_at > now)
    await connection.execute(sa.update(moves).where(unused).values(expires_at=now))


def is_vacant(chat: Chat) -> bool:
    """Tell whether a chat is about nobody, so that another may take its place."""
    return not chat.session or not decode(chat.session).people


def elsewhere(chat: Chat) -> Address | None:
    """Return where what is meant for the people of this chat has to go now: they may have moved a moment ago."""
    if not chat.session:
        return None
    session = decode(chat.session)
    return None if session.people or session.case else session.continued


async def change_places(connection: AsyncConnection, keys: KeyRing, chat: Chat, there: Chat, session: Session) -> None:
    """Move a chat to where `there` is; both are locked. `session` is the moving chat's after this turn. What was said
    there is erased."""
    await erase_transcript(connection, there.id)
    await _give(connection, keys, there, None)
    await _give(connection, keys, chat, there.address)
    await _give(connection, keys, there._replace(said=chat.said), chat.address, _left_behind(there, session))
    await _redirect(connection, chat.id, there.address)


async def note(connection: AsyncConnection, chat: Chat, to: Address, now: dt.datetime) -> None:
    """Write down that a chat moved, in its last code and in the trail; do it last (`audit.append`)."""
    newest = sa.select(sa.func.max(moves.c.id)).where(moves.c.chat_id == chat.id).scalar_subquery()
    await connection.execute(sa.update(moves).where(moves.c.id == newest).values(used_at=now, to_channel=to.channel))
    await audit.append(connection, now, "worker", "move", f"chat {chat.id}: {chat.address.channel} to {to.channel}")


def _left_behind(there: Chat, session: Session) -> Session:
    """The chat at the old address: it knows nothing but where the talk goes on, and no old button fits it."""
    empty = fresh(session.locale, there.ref)
    return replace(empty, asking=session.asking, last_at=session.last_at, continued=there.address)


async def _give(
    connection: AsyncConnection, keys: KeyRing, chat: Chat, address: Address | None, session: Session | None = None
) -> None:
    values: dict[str, object] = {"address_index": None}
    if address is not None:
        values = {
            "address_index": keys.index("address", address_text(address)),
            "address": seal_address(chat.key, chat.ref, address),
            "channel": address.channel,
            "bot": address.bot,
        }
    if session is not None:
        values |= {"session": chat.key.seal(encode(session), f"chats.session.{chat.ref}"), "flow": "", "step": ""}
        values["last_said_at"] = None if chat.said is None else moment(chat.said)
    await connection.execute(sa.update(chats).where(chats.c.id == chat.id).values(values))


async def _redirect(connection: AsyncConnection, chat_id: int, to: Address) -> None:
    """Send what is still to be delivered to the new address; files are fetched where they were sent. Where replies are
    pulled they lie ready at once, and whoever is sending one may not mark it any more."""
    live = sa.and_(outbox.c.chat_id == chat_id, outbox.c.lane.not_in(EFFECTS), sa.literal_column(f"outbox.{LIVE}"))
    values: dict[str, object] = {"channel": to.channel, "bot": to.bot}
    if to.channel in PULLED:
        values |= {"state": "stored", "claimed_by": None, "lease_until": None}
    await connection.execute(sa.update(outbox).where(live).values(values))
