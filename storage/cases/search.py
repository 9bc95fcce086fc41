"""Finding cases by what an operator has in hand: a case's number, a NIK, a KPJ, a phone number, words of a name.

What is personal is found through indexes only, never by opening what is sealed. An anonymous case is found by its
number alone.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.reading.phone import read_phone
from storage.cases import Case, cases_numbered
from storage.cases.marks import numbers_marked
from storage.people import Person, people_by_kpj, people_by_name, people_by_nik, people_by_phone, words_of
from storage.sealing import KeyRing
from storage.tables import cases

MOST = 50
"""Cases shown for one search; who finds as many asks more narrowly."""

LENGTHS = {"nik": 16, "kpj": 11}
SHORTEST_PHONE = 9

_DIGITS = re.compile(r"[#+]? ?[0-9][0-9 .-]*")
_ANY_DAY = dt.date(2000, 1, 1)


class Wanted(NamedTuple):
    """One way to take what was typed: `kind` is "number", "nik", "kpj", "phone" or "name"."""

    kind: str
    values: tuple[str, ...]


def read_search(text: str) -> list[Wanted]:
    """Tell what an operator may have typed: "#12", 16 digits, 11 digits, a phone number, or words of a name.

    Eleven digits that begin with an 8 may be a KPJ as well as a phone; nothing that can be looked for gives nothing.
    """
    said = text.strip()
    if not _DIGITS.fullmatch(said):
        names = tuple(words_of(said))
        return [Wanted("name", names)] if names else []
    digits = re.sub(r"\D", "", said)
    if len(digits) < SHORTEST_PHONE:
        return [Wanted("number", (digits,))]
    phone = read_phone(said, _ANY_DAY).value
    wanted = [Wanted("phone", (str(phone),))] if phone else []
    return [*wanted, *(Wanted(kind, (digits,)) for kind, length in LENGTHS.items() if len(digits) == length)]


async def search(connection: AsyncConnection, keys: KeyRing, text: str) -> list[Case]:
    """Return the cases that a text finds, the last opened first, `MOST` at most."""
    found: dict[int, Case] = {}
    for kind, values in read_search(text):
        if kind == "number":
            return await cases_numbered(connection, keys, (int(values[0]),))
        people = await _PEOPLE[kind](connection, keys, " ".join(values))
        numbers = await numbers_marked(connection, keys, kind, values) | await _of_chats(connection, people)
        last = tuple(sorted(numbers, reverse=True)[: 2 * MOST])
        found |= {case.number: case for case in await cases_numbered(connection, keys, last) if not case.anonymous}
    return list(found.values())[:MOST]


_PEOPLE: dict[str, Callable[[AsyncConnection, KeyRing, str], Awaitable[list[Person]]]] = {
    "nik": people_by_nik,
    "phone": people_by_phone,
    "kpj": people_by_kpj,
    "name": people_by_name,
}


async def _of_chats(connection: AsyncConnection, people: list[Person]) -> set[int]:
    chats = {person.chat_id for person in people}
    return set((await connection.execute(sa.select(cases.c.number).where(cases.c.chat_id.in_(chats)))).scalars())
