"""Opening a case, raising the one that is open, or going on with one closed a short while ago."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.cases import NOTES, rank, reason
from conversations.effects import OpenCase
from conversations.session import Person, Session
from storage.cases import STAFF, events, is_open
from storage.cases.events import New, append
from storage.cases.marks import keep_marks
from storage.chats import Chat
from storage.sealing import KeyRing
from storage.tables import cases


async def open_case(
    connection: AsyncConnection, keys: KeyRing, chat: Chat, session: Session | None, effect: OpenCase, now: dt.datetime
) -> None:
    """Hand a locked chat to staff. A chat has one open case: a second call for staff raises it where it is more
    pressing."""
    found = await connection.execute(sa.select(cases).where(cases.c.chat_id == chat.id, is_open))
    opened = found.first()
    if opened is not None:
        await _raise(connection, opened, effect, now)
        return
    number = await _reopened(connection, chat, effect, now)
    if number is None:
        number = await _new(connection, chat, session, effect, now)
    if not reason(effect.reason).anonymous:
        await keep_marks(connection, keys, number, chat, session)


async def _raise(connection: AsyncConnection, opened: sa.Row[Any], effect: OpenCase, now: dt.datetime) -> None:
    """A case told without a name keeps its reason, and with it what was promised."""
    if rank(effect.reason) < opened.priority:
        why = opened.reason if reason(opened.reason).anonymous else effect.reason
        values = {"reason": why, "priority": rank(effect.reason)}
        await connection.execute(sa.update(cases).where(cases.c.number == opened.number).values(values))
        await append(connection, New(opened.number, opened.chat_id, events.RAISED, now, about=effect.reason))


async def _reopened(connection: AsyncConnection, chat: Chat, effect: OpenCase, now: dt.datetime) -> int | None:
    """Open the case again that the effect names; None where it names none that is this chat's."""
    if not effect.reopens:
        return None
    more_pressing = cases.c.priority > rank(effect.reason)
    changed = await connection.execute(
        sa.update(cases)
        .where(cases.c.id == effect.reopens, cases.c.chat_id == chat.id)
        .values(_as_new(now))
        .values(
            reopened=cases.c.reopened + 1,
            reason=sa.case((more_pressing, effect.reason), else_=cases.c.reason),
            priority=sa.case((more_pressing, rank(effect.reason)), else_=cases.c.priority),
        )
        .returning(cases.c.number)
    )
    number: int | None = changed.scalar()
    if number is not None:
        await append(connection, New(number, chat.id, events.REOPENED, now, about=effect.reason))
    return number


async def _new(
    connection: AsyncConnection, chat: Chat, session: Session | None, effect: OpenCase, now: dt.datetime
) -> int:
    case_id = str(uuid.uuid4())
    values = {
        "id": case_id,
        "chat_id": chat.id,
        "person": effect.person,
        "reason": effect.reason,
        "note": chat.key.seal(effect.note.encode(), f"cases.note.{case_id}") if effect.note else None,
        "opened_at": now,
        "priority": rank(effect.reason),
        "line": chat.lines + 1,
        **_as_new(now),
        **_place(session, effect),
    }
    inserted = await connection.execute(sa.insert(cases).values(values).returning(cases.c.number))
    number: int = inserted.scalar_one()
    await append(connection, New(number, chat.id, events.OPENED, now, about=effect.reason))
    return number


def _as_new(now: dt.datetime) -> dict[str, Any]:
    """Return how a case stands that waits for anybody of staff."""
    return {
        "state": "open",
        "closed_at": None,
        "resolution": "",
        "operator_id": None,
        "awaits": STAFF,
        "since": now,
        "mode": NOTES,
    }


def _place(session: Session | None, effect: OpenCase) -> dict[str, str]:
    """Return the region and the agent, for figures and filters; of an anonymous case neither."""
    if session is None or reason(effect.reason).anonymous:
        return {"region": "", "agent": ""}
    about = next((person for person in session.people if person.number == effect.person), Person(0))
    # The first four digits of a NIK are the regency it was given in.
    region = about.answers.get("home_region") or str(about.answers.get("nik", ""))[:4]
    return {"region": region, "agent": session.origin.code if session.origin else ""}
