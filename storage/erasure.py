"""Erasing: what a chat and its people left is made unreadable by destroying the keys, and taken out of sight at once.

A chat that asks to be erased still gets one last reply, so its address stays, under a new key, until `forget_erased`
runs. What remains for good are rows without anything personal: figures, consents given, the proof that messages were
taken.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import handoffs
from storage.cases.acts import erase_cases
from storage.tables import (
    LIVE,
    agents,
    chats,
    codes,
    enrolments,
    erasures,
    inbound,
    media,
    moves,
    name_words,
    outbox,
    passed_on,
    people,
    reminders,
    signed_forms,
)


async def erase_chat(connection: AsyncConnection, chat_id: int, now: dt.datetime) -> None:
    """Erase all that a chat and its people left, but for the chat row: the caller gives that a new key and session."""
    of_chat = sa.select(people.c.id).where(people.c.chat_id == chat_id)
    await _remember(connection, chat_id, now)
    await erase_transcript(connection, chat_id)
    await connection.execute(sa.update(moves).where(moves.c.chat_id == chat_id).values(code_index=None))
    await connection.execute(sa.delete(name_words).where(name_words.c.person_id.in_(of_chat)))
    await connection.execute(
        sa.update(people)
        .where(people.c.chat_id == chat_id)
        .values(data_key=None, data=None, nik_index=None, phone_index=None, erased_at=now)
    )
    await connection.execute(
        sa.update(enrolments).where(enrolments.c.chat_id == chat_id).values(kpj=None, kpj_index=None, bill=None)
    )
    await erase_cases(connection, chat_id, now)
    await _erase_agent(connection, chat_id)
    of_person = sa.update(signed_forms).where(signed_forms.c.person_chat_id == chat_id)
    await connection.execute(of_person.values(data_key=None, data=None, photo=None))
    planned = sa.and_(reminders.c.chat_id == chat_id, reminders.c.state == "planned")
    await connection.execute(sa.delete(reminders).where(planned))


def erased_digest(ref: str) -> bytes:
    """Return what is kept of an erased chat's reference (`storage/erasures.py`)."""
    return hashlib.sha256(f"erased {ref}".encode()).digest()


async def _remember(connection: AsyncConnection, chat_id: int, now: dt.datetime) -> None:
    """Keep that the chat was erased, for whoever restores a copy that still holds it."""
    ref = (await connection.execute(sa.select(chats.c.ref).where(chats.c.id == chat_id))).scalar_one()
    digest = erased_digest(ref)
    await connection.execute(sa.delete(erasures).where(erasures.c.digest == digest))
    await connection.execute(sa.insert(erasures).values(digest=digest, at=now))


async def _erase_agent(connection: AsyncConnection, chat_id: int) -> None:
    """An agent who asks to be erased is one no longer, and what they passed on that nobody took over is forgotten;
    their codes stay for the figures and stand for nobody."""
    await connection.execute(sa.delete(passed_on).where(passed_on.c.chat_id == chat_id))
    unchecked = sa.and_(signed_forms.c.chat_id == chat_id, signed_forms.c.person_chat_id.is_(None))
    await connection.execute(sa.delete(signed_forms).where(unchecked))
    of_chat = sa.select(agents.c.id).where(agents.c.chat_id == chat_id)
    await connection.execute(sa.update(codes).where(codes.c.agent_id.in_(of_chat)).values(label=None))
    await connection.execute(
        sa.update(agents)
        .where(agents.c.chat_id == chat_id)
        .values(state="ended", data_key=None, data=None, reason=None, photo=None)
    )


async def erase_draft(connection: AsyncConnection, chat_id: int, person: int) -> None:
    """Erase the transcript so far and the questions to the backend about a person who was never handed on."""
    keys = handoffs.of_person(person)
    await connection.execute(sa.delete(media).where(media.c.chat_id == chat_id))
    await connection.execute(sa.update(inbound).where(inbound.c.chat_id == chat_id).values(payload=None))
    await connection.execute(
        sa.delete(outbox).where(
            outbox.c.chat_id == chat_id,
            sa.or_(outbox.c.lane != handoffs.LANE, outbox.c.order_key.in_(keys)),
        )
    )


async def take_back(connection: AsyncConnection, chat_id: int, person: int) -> None:
    """Take back what about a person waits to be handed on; what is on its way at this moment can't be stopped."""
    references = sa.select(enrolments.c.id).join(people, people.c.id == enrolments.c.person_id)
    theirs = references.where(people.c.chat_id == chat_id, people.c.number == person)
    held = (await connection.execute(theirs)).scalars()
    keys = [*handoffs.of_person(person), *(f"enrolment {reference}" for reference in held)]
    await connection.execute(
        sa.delete(outbox).where(
            outbox.c.chat_id == chat_id,
            outbox.c.lane == handoffs.LANE,
            outbox.c.order_key.in_(keys),
            outbox.c.state == "new",
        )
    )


async def forget_erased(connection: AsyncConnection, before: dt.datetime) -> int:
    """Take the address of chats that were erased before a moment and have nothing left to deliver; return how many."""
    live = sa.exists().where(outbox.c.chat_id == chats.c.id, sa.literal_column(f"outbox.{LIVE}"))
    found = await connection.execute(
        sa.select(chats.c.id)
        .where(chats.c.erased_at < before, chats.c.address_index.is_not(None), ~live)
        .order_by(chats.c.id)  # Locked as turns lock them, or a chat that comes back just now would be forgotten.
        .with_for_update()
    )
    ids = list(found.scalars())
    await forget_chats(connection, ids)
    for chat_id in ids:
        await erase_transcript(connection, chat_id)
    return len(ids)


async def forget_chats(connection: AsyncConnection, ids: Sequence[int], now: dt.datetime | None = None) -> None:
    """Take the address and the key of locked chats; `now` where they count as erased from this moment on."""
    values: dict[str, object] = dict.fromkeys(("address_index", "address", "data_key", "session"))
    if now is not None:
        values["erased_at"] = now
    await connection.execute(sa.update(chats).where(chats.c.id.in_(ids)).values(values))


async def erase_transcript(connection: AsyncConnection, chat_id: int) -> None:
    """Take out what was said in a chat; that messages were taken stays."""
    await connection.execute(sa.update(inbound).where(inbound.c.chat_id == chat_id).values(payload=None))
    await connection.execute(sa.delete(outbox).where(outbox.c.chat_id == chat_id))
    await connection.execute(sa.delete(media).where(media.c.chat_id == chat_id))
