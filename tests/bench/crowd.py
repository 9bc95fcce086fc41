"""Filling a database with people: sealed rows as turns leave them, written in bulk."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import asyncpg
import msgspec
from sqlalchemy.engine import make_url

from conversations.messages import Address, Message, Text
from conversations.session import encode
from storage.batch import inbound_place
from storage.chats import address_text, seal_address
from storage.deliveries import payload_place
from storage.sealing import KeyRing
from storage.tables import stored
from tests.bench.enrolment import recorded
from tests.bench.form import ANSWER, question

CHUNK = 5_000
_AT = stored(dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
_CHATS = (
    *("id", "ref", "channel", "bot", "address_index", "address", "key_id", "data_key", "session"),
    *("locale", "flow", "step", "turns", "lines", "created_at", "last_in_at"),
)
_INBOUND = ("chat_id", "line", "source", "kind", "payload", "at", "flow", "step", "outcome")
_OUTBOX = (
    *("chat_id", "line", "lane", "channel", "bot", "order_key", "payload"),
    *("state", "attempts", "created_at", "due_at", "done_at"),
)
_COLUMNS = {"chats": _CHATS, "inbound": _INBOUND, "outbox": _OUTBOX}

Rows = dict[str, list[tuple[Any, ...]]]


class Talk(NamedTuple):
    """What everybody in the crowd has: a session in the middle of an enrolment, a message, a reply."""

    session: bytes
    said: bytes
    reply: bytes


def talk() -> Talk:
    """Take them from a real enrolment."""
    session = next(session for session, _ in recorded() if session.asked == "phone")
    return Talk(encode(session), msgspec.json.encode(("1", Text(ANSWER))), msgspec.json.encode(Message(question(3))))


def address(number: int) -> Address:
    """Return where somebody of the crowd writes from."""
    return Address("telegram", "bot", str(620_000_000 + number))


def rows_of(keys: KeyRing, said: Talk, number: int, rows: Rows) -> None:
    """Add one person's rows: the chat, two messages, two replies that were delivered."""
    ref, where = f"{number:032x}", address(number)
    wrapped, key = keys.new_key(f"chats.{ref}")
    sealed = (seal_address(key, ref, where), *wrapped, key.seal(said.session, f"chats.session.{ref}"))
    index = keys.index("address", address_text(where))
    clear = ("id", "enrolment", "phone", 2, 4, _AT, _AT)
    rows["chats"].append((number, ref, where.channel, where.bot, index, *sealed, *clear))
    for line in (1, 3):
        payload = key.seal(said.said, inbound_place(number, line))
        rows["inbound"].append((number, line, os.urandom(16), "text", payload, _AT, "enrolment", "name", "answered"))
        payload = key.seal(said.reply, payload_place(number, line + 1))
        lane = ("reply", where.channel, where.bot, "reply")
        rows["outbox"].append((number, line + 1, *lane, payload, "done", 1, _AT, _AT, _AT))


def crowd(keys: KeyRing, people: int) -> Iterator[Rows]:
    """Make the rows of so many people, some thousands at a time."""
    said = talk()
    for start in range(1, people + 1, CHUNK):
        rows: Rows = {name: [] for name in _COLUMNS}
        for number in range(start, min(start + CHUNK, people + 1)):
            rows_of(keys, said, number, rows)
        yield rows


async def fill(url: str, keys: KeyRing, people: int) -> None:
    """Write a crowd into a migrated database."""
    if url.startswith("sqlite"):
        _fill_sqlite(str(make_url(url).database), keys, people)
    else:
        await _fill_postgres(url, keys, people)


def _fill_sqlite(file: str, keys: KeyRing, people: int) -> None:
    write_sqlite(file, crowd(keys, people), _COLUMNS)


def write_sqlite(file: str, chunks: Iterable[Rows], columns: Mapping[str, Sequence[str]]) -> None:
    """Write rows into a file, each chunk in a transaction; a crash would lose them, which makes it fast."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-600000")
        for rows in chunks:
            connection.execute("BEGIN")
            for table, many in rows.items():
                connection.executemany(_insert(table, columns[table]), many)
            connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("ANALYZE")


def _insert(table: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


async def _fill_postgres(url: str, keys: KeyRing, people: int) -> None:
    connection = await asyncpg.connect(url)
    for rows in crowd(keys, people):
        for table, many in rows.items():
            await connection.copy_records_to_table(table, records=many, columns=_COLUMNS[table])
    await connection.execute("SELECT setval(pg_get_serial_sequence('chats', 'id'), max(id)) FROM chats")
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    await connection.close()
