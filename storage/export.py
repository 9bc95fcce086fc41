"""Everything that is held about a chat, opened, for the person it is about (UU 27/2022: the right to a copy)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.sealing import DataKey, KeyRing, Wrapped
from storage.tables import (
    agents,
    attributions,
    broadcast_chats,
    case_events,
    case_notes,
    cases,
    chats,
    codes,
    consents,
    contributions,
    drafts,
    enrolments,
    inbound,
    media,
    moves,
    nudges,
    outbox,
    people,
    reminders,
    signed_forms,
)

Place = Callable[[sa.Row[Any]], str]


def _by_line(row: sa.Row[Any]) -> str:
    return f"{row.chat_id}/{row.line}"


def _by_id(row: sa.Row[Any]) -> str:
    return str(row.id)


def _by_code(row: sa.Row[Any]) -> str:
    return str(row.code)


def _by_ref(row: sa.Row[Any]) -> str:
    return str(row.ref)


def _by_desk(row: sa.Row[Any]) -> str:
    return f"{row.number}/{row.operator_id}"


OF_CHAT: dict[sa.Table, Place] = {
    chats: _by_ref,
    inbound: _by_line,
    outbox: _by_line,
    media: _by_line,
    consents: _by_id,
    cases: _by_id,
    case_notes: _by_id,
    case_events: str,
    drafts: _by_desk,
    moves: _by_id,
    attributions: _by_id,
    reminders: str,
    broadcast_chats: str,
    nudges: str,
}
"""Tables of a chat, sealed with its key where anything is, and how their rows are named in a place."""


async def export_chat(connection: AsyncConnection, keys: KeyRing, chat_id: int) -> dict[str, Any]:
    """Return all rows about a chat by table, ready for JSON; keys and indexes are left out, they say nothing."""
    chat = (await connection.execute(sa.select(chats).where(chats.c.id == chat_id))).one()
    key = _key(keys, chat, f"chats.{chat.ref}")
    exported: dict[str, Any] = {}
    for table, place in OF_CHAT.items():
        mine = table.c.id == chat_id if table is chats else table.c.chat_id == chat_id
        rows = await connection.execute(sa.select(table).where(mine))
        exported[table.name] = [_plain(table, row, key, place) for row in rows]
    found = await connection.execute(sa.select(people).where(people.c.chat_id == chat_id))
    exported["people"] = [await _of_person(connection, keys, row) for row in found]
    as_agent = await connection.execute(sa.select(agents).where(agents.c.chat_id == chat_id))
    exported["agents"] = [await _of_agent(connection, keys, row) for row in as_agent]
    signed = await connection.execute(sa.select(signed_forms).where(signed_forms.c.person_chat_id == chat_id))
    exported["signed_forms"] = [
        _plain(signed_forms, row, _key(keys, row, f"signed_forms.{row.id}"), _by_id) for row in signed
    ]
    return exported


async def _of_agent(connection: AsyncConnection, keys: KeyRing, agent: sa.Row[Any]) -> dict[str, Any]:
    key = _key(keys, agent, f"agents.{agent.id}")
    issued = await connection.execute(sa.select(codes).where(codes.c.agent_id == agent.id))
    return {
        **_plain(agents, agent, key, _by_id),
        "codes": [_plain(codes, row, key, _by_code) for row in issued],
    }


async def _of_person(connection: AsyncConnection, keys: KeyRing, person: sa.Row[Any]) -> dict[str, Any]:
    key = _key(keys, person, f"people.{person.id}")
    exported = _plain(people, person, key, _by_id)
    mine = await connection.execute(sa.select(enrolments).where(enrolments.c.person_id == person.id))
    exported["enrolments"] = []
    for row in mine:
        enrolment = _plain(enrolments, row, key, _by_id)
        paid = await connection.execute(sa.select(contributions).where(contributions.c.enrolment_id == row.id))
        enrolment["contributions"] = [_plain(contributions, month, key, str) for month in paid]
        exported["enrolments"].append(enrolment)
    return exported


def _key(keys: KeyRing, owner: sa.Row[Any], name: str) -> DataKey | None:
    return None if owner.data_key is None else keys.unwrap(Wrapped(owner.key_id, owner.data_key), name)


def _plain(table: sa.Table, row: sa.Row[Any], key: DataKey | None, place: Place) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for column in table.columns:
        personal, value = column.info["personal"], row._mapping[column]
        if personal == "sealed":
            plain[column.name] = _opened(key, value, f"{table.name}.{column.name}.{place(row)}")
        elif personal in {"clear", "none"}:
            plain[column.name] = msgspec.to_builtins(value)
    return plain


def _opened(key: DataKey | None, sealed: bytes | None, place: str) -> Any:
    if key is None or sealed is None:
        return None
    plain = key.open(sealed, place)
    try:
        return msgspec.json.decode(plain)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _as_text(plain)


def _as_text(plain: bytes) -> str:
    """Words as they are, pictures and voices in base64."""
    try:
        return plain.decode()
    except UnicodeDecodeError:
        return base64.b64encode(plain).decode()
