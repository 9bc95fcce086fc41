"""Whom an agent may have nudged: those who came by their codes, agreed to it, and stopped on the way.

The nudge itself is sent by us and decided about in the chat (`conversations/prodding.py`); here is whom to offer, and
what was sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.session import Session, decode
from conversations.switching import main_flow
from storage.chats import chat_by_id
from storage.field import first_name, lets_agent_see
from storage.sealing import KeyRing
from storage.tables import attributions, chats, consents, enrolments, nudges


class Stopped(NamedTuple):
    """Somebody who agreed to be seen by their agent and stopped before an enrolment: the first word of their name (""
    where they gave none yet), the step where they stopped, since when, where they are, and by which code they came."""

    name: str
    step: str
    since: dt.datetime
    chat_id: int
    person: int
    code: str


async def stopped(connection: AsyncConnection, keys: KeyRing, of: Sequence[str], limit: int) -> list[Stopped]:
    """Return those who stopped on the way and may be nudged, who was here last first."""
    handed_on = sa.exists().where(enrolments.c.chat_id == chats.c.id)
    came = sa.exists().where(attributions.c.chat_id == chats.c.id, attributions.c.code.in_(of), attributions.c.kept)
    found = await connection.execute(
        sa.select(chats.c.id, chats.c.last_in_at, consents.c.person)
        .distinct()
        .join(consents, consents.c.chat_id == chats.c.id)
        .where(consents.c.purpose == "agent", lets_agent_see(chats.c.id, consents.c.person))
        .where(came, ~handed_on, chats.c.erased_at.is_(None), chats.c.data_key.is_not(None))
        .order_by(chats.c.last_in_at.desc(), chats.c.id)
        .limit(limit)
    )
    listed = [await _stopped(connection, keys, of, *row) for row in found.all()]
    return [one for one in listed if one]


async def _stopped(
    connection: AsyncConnection, keys: KeyRing, of: Sequence[str], chat_id: int, since: dt.datetime, person: int
) -> Stopped | None:
    """Look at the session: only it knows by whom they came last, and where a person's draft stands."""
    chat = await chat_by_id(connection, keys, chat_id)
    session = decode(chat.session) if chat and chat.session else None
    if session is None or session.origin is None or session.origin.code not in of:
        return None
    return _draft(session, chat_id, since, person)


def _draft(session: Session, chat_id: int, since: dt.datetime, number: int) -> Stopped | None:
    person = next((one for one in session.people if one.number == number), None)
    if person is None or session.origin is None or main_flow(person) != "enrolment":
        return None
    step = session.asked if session.current == number else ""
    return Stopped(first_name(person.answers), step, since, chat_id, number, session.origin.code)


async def last_nudged(connection: AsyncConnection, chat_ids: Iterable[int]) -> dict[tuple[int, int], dt.datetime]:
    """Return when somebody was last nudged, by chat and person."""
    newest = sa.func.max(nudges.c.at, type_=nudges.c.at.type)
    found = await connection.execute(
        sa.select(nudges.c.chat_id, nudges.c.person, newest)
        .where(nudges.c.chat_id.in_(tuple(chat_ids)))
        .group_by(nudges.c.chat_id, nudges.c.person)
    )
    return {(row[0], row[1]): row[2] for row in found}


async def note_nudge(connection: AsyncConnection, chat_id: int, person: int, code: str, now: dt.datetime) -> None:
    """Keep that an agent had somebody nudged who came by their code."""
    await connection.execute(sa.insert(nudges).values(chat_id=chat_id, person=person, code=code, at=now))
