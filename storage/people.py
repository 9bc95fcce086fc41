"""The people to be insured: data sealed, each under a key of its own, found by NIK, phone or words of the name."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.effects import Order
from conversations.months import jakarta
from storage.rows import Select
from storage.sealing import DataKey, KeyRing, Wrapped
from storage.tables import enrolments, name_words, people

AGE_BANDS = ((18, "18-29"), (30, "30-39"), (40, "40-49"), (50, "50-59"), (60, "60-64"))
_WORD = re.compile(r"[^\W\d_]{2,}")


class Person(NamedTuple):
    """A stored person: id, their chat and number in it, the key that opens their rows; None once erased."""

    id: str
    chat_id: int
    number: int
    key: DataKey | None
    data: bytes | None

    def opened(self) -> dict[str, str]:
        """Return the data by field name; nothing once erased."""
        if self.key is None or self.data is None:
            return {}
        return msgspec.json.decode(self.key.open(self.data, f"people.data.{self.id}"), type=dict[str, str])


class Figures(NamedTuple):
    """What is kept in clear about a person, from closed lists, besides the order."""

    language: str
    channel: str
    agent: str
    source: str = ""


async def person_of(connection: AsyncConnection, keys: KeyRing, chat_id: int, number: int) -> Person | None:
    """Return a chat's person by number."""
    found = await connection.execute(sa.select(*_READ).where(people.c.chat_id == chat_id, people.c.number == number))
    row = found.first()
    return None if row is None else _person(keys, row)


async def people_of(connection: AsyncConnection, keys: KeyRing, chat_id: int) -> list[Person]:
    """Return a chat's people in the order of their numbers."""
    found = await connection.execute(sa.select(*_READ).where(people.c.chat_id == chat_id).order_by(people.c.number))
    return [_person(keys, row) for row in found]


async def people_with_ids(connection: AsyncConnection, keys: KeyRing, ids: tuple[str, ...]) -> list[Person]:
    """Return the people with these ids."""
    return await _by(connection, keys, people.c.id, ids)


async def people_by_nik(connection: AsyncConnection, keys: KeyRing, nik: str) -> list[Person]:
    """Return the people with this NIK, in whichever chats they were enrolled."""
    return await _by(connection, keys, people.c.nik_index, keys.indexes("nik", nik))


async def people_by_phone(connection: AsyncConnection, keys: KeyRing, phone: str) -> list[Person]:
    """Return the people with this phone number, written E.164."""
    return await _by(connection, keys, people.c.phone_index, keys.indexes("phone", phone))


async def people_by_kpj(connection: AsyncConnection, keys: KeyRing, kpj: str) -> list[Person]:
    """Return the people with this membership number."""
    held = sa.select(enrolments.c.person_id).where(enrolments.c.kpj_index.in_(keys.indexes("kpj", kpj)))
    ids = tuple((await connection.execute(held)).scalars())
    return await _by(connection, keys, people.c.id, ids)


async def people_by_name(connection: AsyncConnection, keys: KeyRing, name: str) -> list[Person]:
    """Return the people whose name holds all of these words, each whole."""
    words = words_of(name)
    if not words:
        return []
    found: set[str] | None = None
    for word in words:
        rows = await _HOLDERS.run(connection, keys.indexes("name", word))
        ids = {row.person_id for row in rows}
        found = ids if found is None else found & ids
    return await _by(connection, keys, people.c.id, tuple(found or ()))


async def keep_person(
    connection: AsyncConnection,
    keys: KeyRing,
    chat_id: int,
    number: int,
    data: Mapping[str, str],
    order: Order,
    figures: Figures,
    now: dt.datetime,
) -> Person:
    """Store a person, or store their data anew; the key they have stays."""
    known = await person_of(connection, keys, chat_id, number)
    values: dict[str, Any] = _clear(data, order, figures, now) | _indexed(keys, data)
    if known is None or known.key is None:
        person_id = known.id if known else str(uuid.uuid4())
        wrapped, key = keys.new_key(f"people.{person_id}")
        values |= wrapped._asdict()
    else:
        person_id, key = known.id, known.key
    sealed = key.seal(msgspec.json.encode(data), f"people.data.{person_id}")
    values |= {"data": sealed, "erased_at": None}
    if known is None:
        first = {"id": person_id, "chat_id": chat_id, "number": number, "created_at": now}
        await connection.execute(sa.insert(people).values(first | values))
    else:
        await connection.execute(sa.update(people).where(people.c.id == person_id).values(values))
    await keep_words(connection, keys, person_id, data.get("name", ""))
    return Person(person_id, chat_id, number, key, sealed)


_READ = tuple(people.c[name] for name in ("id", "chat_id", "number", "key_id", "data_key", "data"))
_HOLDERS = Select(name_words, "word_index", "person_id")


def _person(keys: KeyRing, row: sa.Row[Any]) -> Person:
    key = None
    if row.data_key is not None:
        key = keys.unwrap(Wrapped(row.key_id, row.data_key), f"people.{row.id}")
    return Person(row.id, row.chat_id, row.number, key, row.data)


async def _by(
    connection: AsyncConnection, keys: KeyRing, column: sa.Column[Any], values: tuple[Any, ...]
) -> list[Person]:
    found = await connection.execute(sa.select(*_READ).where(column.in_(values)).order_by(people.c.created_at))
    return [_person(keys, row) for row in found]


async def keep_words(connection: AsyncConnection, keys: KeyRing, person_id: str, name: str) -> None:
    """Write the indexes of a name's words, in place of those there are."""
    await connection.execute(sa.delete(name_words).where(name_words.c.person_id == person_id))
    rows = [{"word_index": keys.index("name", word), "person_id": person_id} for word in words_of(name)]
    if rows:
        await connection.execute(sa.insert(name_words), rows)


def words_of(name: str) -> list[str]:
    """Return the words that a name is found by, each once."""
    return sorted(set(_WORD.findall(name.casefold())))


def _indexed(keys: KeyRing, data: Mapping[str, str]) -> dict[str, bytes | None]:
    return {
        "nik_index": keys.index("nik", data["nik"]) if "nik" in data else None,
        "phone_index": keys.index("phone", data["phone"]) if "phone" in data else None,
    }


def _clear(data: Mapping[str, str], order: Order, figures: Figures, now: dt.datetime) -> dict[str, str]:
    return {
        "occupation": order.occupation,
        "sector": order.sector,
        # The first four digits of a NIK are the regency it was given in.
        "regency": data.get("nik", "")[:4],
        "bracket": str(order.base),
        "programmes": ",".join(order.programmes),
        "age_band": age_band(data.get("birth_date", ""), now),
        **figures._asdict(),
    }


def age_band(birth_date: str, now: dt.datetime) -> str:
    """Return the band of somebody born on an ISO date, "" if it is not one or lies outside of 18 to 64."""
    try:
        born = dt.date.fromisoformat(birth_date)
    except ValueError:
        return ""
    today = jakarta(now)
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if age > 64:
        return ""
    return next((band for start, band in reversed(AGE_BANDS) if age >= start), "")
