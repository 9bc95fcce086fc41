"""What agents filled in for people without a phone, until staff have looked at the form that these signed by hand.

Each form has a key of its own. What was filled in goes into the person's chat once the form is good; the photo of it
stays as the proof of the consent, and goes when the person is erased.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sealing import DataKey, KeyRing, Wrapped
from storage.tables import signed_forms

OPEN, SENT, ACCEPTED = "open", "sent", "accepted"
"""Without a photo yet; waiting for staff; found good."""


class Form(NamedTuple):
    """A form as staff see it: the code printed on it, the `chat_id` and code of the `agent`, what was filled in."""

    id: str
    chat_id: int
    agent: str
    state: str
    sent_at: dt.datetime | None
    answers: dict[str, Any]
    has_photo: bool


async def keep_form(
    connection: AsyncConnection,
    keys: KeyRing,
    chat_id: int,
    code: str,
    agent: str,
    answers: dict[str, Any],
    now: dt.datetime,
) -> None:
    """Keep what was filled in, sealed under a key of its own."""
    wrapped, key = keys.new_key(_owner(code))
    values = {
        "id": code,
        "chat_id": chat_id,
        "agent": agent,
        "state": OPEN,
        **wrapped._asdict(),
        "data": key.seal(msgspec.json.encode(answers), f"signed_forms.data.{code}"),
        "created_at": now,
    }
    await connection.execute(sa.insert(signed_forms).values(values))


async def send_form(connection: AsyncConnection, chat_id: int, code: str, line: int, now: dt.datetime) -> None:
    """Put a form before staff; its photo came in this line of the agent's chat."""
    values = {"state": SENT, "line": line, "sent_at": now, "photo": None}
    await connection.execute(sa.update(signed_forms).where(_is(chat_id, code, OPEN)).values(values))


async def keep_form_photo(connection: AsyncConnection, keys: KeyRing, chat_id: int, line: int, content: bytes) -> bool:
    """Keep a photo with the form that it was sent for; tell whether there is one."""
    waits = sa.and_(signed_forms.c.chat_id == chat_id, signed_forms.c.line == line, signed_forms.c.state == SENT)
    row = (await connection.execute(sa.select(signed_forms).where(waits))).first()
    key = _key(keys, row) if row else None
    if row is None or key is None:
        return False
    sealed = key.seal(content, f"signed_forms.photo.{row.id}")
    await connection.execute(sa.update(signed_forms).where(signed_forms.c.id == row.id).values(photo=sealed))
    return True


async def forms_to_check(connection: AsyncConnection, keys: KeyRing) -> list[Form]:
    """Return the forms that wait for staff, the oldest first."""
    waiting = sa.select(signed_forms).where(signed_forms.c.state == SENT).order_by(signed_forms.c.sent_at)
    return [_form(keys, row) for row in await connection.execute(waiting)]


async def form_to_check(connection: AsyncConnection, keys: KeyRing, code: str) -> Form | None:
    """Return one form that waits for staff."""
    waiting = sa.and_(signed_forms.c.id == code, signed_forms.c.state == SENT)
    row = (await connection.execute(sa.select(signed_forms).where(waiting))).first()
    return _form(keys, row) if row else None


async def photo_of_form(connection: AsyncConnection, keys: KeyRing, code: str) -> bytes | None:
    """Return the photo of a form that waits for staff."""
    waiting = sa.and_(signed_forms.c.id == code, signed_forms.c.state == SENT)
    row = (await connection.execute(sa.select(signed_forms).where(waiting))).first()
    key = _key(keys, row) if row else None
    return key.open(row.photo, f"signed_forms.photo.{row.id}") if row and key and row.photo else None


async def decide_form(connection: AsyncConnection, code: str, state: str, by: str, now: dt.datetime) -> None:
    """Note what staff decided: good, or sent back to its agent for another photo."""
    values = {"state": state, "decided_at": now, "decided_by": by}
    waiting = sa.and_(signed_forms.c.id == code, signed_forms.c.state == SENT)
    await connection.execute(sa.update(signed_forms).where(waiting).values(values))


async def give_to_person(connection: AsyncConnection, code: str, chat_id: int) -> None:
    """Note in which chat the person of a form is from now on; what was filled in is there, and here no more."""
    values = {"person_chat_id": chat_id, "data": None}
    await connection.execute(sa.update(signed_forms).where(signed_forms.c.id == code).values(values))


def _is(chat_id: int, code: str, state: str) -> sa.ColumnElement[bool]:
    return sa.and_(signed_forms.c.id == code, signed_forms.c.chat_id == chat_id, signed_forms.c.state == state)


def _form(keys: KeyRing, row: sa.Row[Any]) -> Form:
    key = _key(keys, row)
    answers: dict[str, Any] = {}
    if key is not None and row.data is not None:
        answers = msgspec.json.decode(key.open(row.data, f"signed_forms.data.{row.id}"))
    return Form(row.id, row.chat_id, row.agent, row.state, row.sent_at, answers, row.photo is not None)


def _key(keys: KeyRing, row: sa.Row[Any]) -> DataKey | None:
    return keys.unwrap(Wrapped(row.key_id, row.data_key), _owner(row.id)) if row.data_key else None


def _owner(code: str) -> str:
    return f"signed_forms.{code}"
