"""What a case is found by: HMACs of the names, numbers and phones that its chat held when it was opened.

The people's own table knows only those who were handed on; most who call for staff are in the middle of the form. A
case told without a name has no marks and is found by its number alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.session import Session, decode
from storage.chats import Chat, chat_by_id
from storage.people import words_of
from storage.rows import Insert
from storage.sealing import KeyRing
from storage.tables import case_marks

_MARKS = Insert(case_marks, "mark", "number", "chat_id", conflict="ON CONFLICT DO NOTHING")


async def keep_marks(
    connection: AsyncConnection, keys: KeyRing, number: int, chat: Chat, session: Session | None
) -> None:
    """Keep what a case is found by, as its chat is now."""
    marks = {keys.index(kind, value) for kind, value in _of_session(chat, session)}
    await _MARKS.run(connection, [(mark, number, chat.id) for mark in sorted(marks)])


async def mark_anew(connection: AsyncConnection, keys: KeyRing, chat_id: int) -> None:
    """Write the marks of a locked chat's cases anew, under the first key and as the chat is now."""
    chat = await chat_by_id(connection, keys, chat_id)
    of_chat = case_marks.c.chat_id == chat_id
    numbers = (await connection.execute(sa.select(case_marks.c.number).where(of_chat).distinct())).scalars().all()
    await connection.execute(sa.delete(case_marks).where(of_chat))
    if chat is not None:
        session = decode(chat.session) if chat.session else None
        for number in numbers:
            await keep_marks(connection, keys, number, chat, session)


async def numbers_marked(connection: AsyncConnection, keys: KeyRing, kind: str, values: Iterable[str]) -> set[int]:
    """Return the numbers of the cases that hold all of these values of a kind ("nik", "phone", "kpj", "name")."""
    found: set[int] | None = None
    for value in values:
        rows = await connection.execute(
            sa.select(case_marks.c.number).where(case_marks.c.mark.in_(keys.indexes(kind, value)))
        )
        numbers = set(rows.scalars())
        found = numbers if found is None else found & numbers
    return found or set()


def _of_session(chat: Chat, session: Session | None) -> Iterator[tuple[str, str]]:
    if chat.address.channel == "whatsapp":
        yield "phone", "+" + chat.address.address.lstrip("+")
    for person in session.people if session else ():
        for kind in ("nik", "phone"):
            if value := person.answers.get(kind):
                yield kind, value
        yield from (("name", word) for word in words_of(person.answers.get("name", "")))
        if person.enrolment and person.enrolment.kpj:
            yield "kpj", person.enrolment.kpj
