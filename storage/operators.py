"""Operators and their sessions at the desk. Passwords come hashed, session tokens as digests."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import operator_sessions, operators


class Operator(NamedTuple):
    """Somebody who answers workers; `must_change` says that the password was given by somebody else."""

    id: str
    name: str
    password_hash: str
    role: str
    must_change: bool


_READ = tuple(operators.c[name] for name in Operator._fields)


async def any_operator(connection: AsyncConnection) -> bool:
    """Tell whether there is any operator, disabled ones too."""
    return bool((await connection.execute(sa.select(sa.exists(sa.select(operators.c.id))))).scalar())


async def operator_named(connection: AsyncConnection, name: str) -> Operator | None:
    """Return the operator of that name, unless disabled."""
    found = await connection.execute(
        sa.select(*_READ).where(operators.c.name == name, operators.c.disabled_at.is_(None))
    )
    row = found.first()
    return Operator(*row) if row else None


async def keep_operator(connection: AsyncConnection, operator: Operator, now: dt.datetime) -> bool:
    """Store a new operator; tell whether the name was still free."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {**operator._asdict(), "created_at": now}
    stored = await connection.execute(insert(operators).values(values).on_conflict_do_nothing())
    return stored.rowcount == 1


async def keep_password(connection: AsyncConnection, operator_id: str, password_hash: str) -> None:
    """Store a password that the operator chose, and sign them out everywhere."""
    chosen = {"password_hash": password_hash, "must_change": False}
    await connection.execute(sa.update(operators).where(operators.c.id == operator_id).values(chosen))
    await connection.execute(sa.delete(operator_sessions).where(operator_sessions.c.operator_id == operator_id))


async def open_session(
    connection: AsyncConnection, digest: bytes, operator_id: str, now: dt.datetime, expires: dt.datetime
) -> None:
    """Remember a session by its token's digest, and forget those that are over."""
    await connection.execute(sa.delete(operator_sessions).where(operator_sessions.c.expires_at <= now))
    values = {"token_digest": digest, "operator_id": operator_id, "created_at": now, "expires_at": expires}
    await connection.execute(sa.insert(operator_sessions).values(values))


async def operator_of(connection: AsyncConnection, digest: bytes, now: dt.datetime) -> Operator | None:
    """Return whose session it is; None once it is over or the operator is disabled."""
    found = await connection.execute(
        sa.select(*_READ)
        .join(operator_sessions, operator_sessions.c.operator_id == operators.c.id)
        .where(operator_sessions.c.token_digest == digest, operator_sessions.c.expires_at > now)
        .where(operators.c.disabled_at.is_(None))
    )
    row = found.first()
    return Operator(*row) if row else None


async def close_session(connection: AsyncConnection, digest: bytes) -> None:
    """End a session."""
    await connection.execute(sa.delete(operator_sessions).where(operator_sessions.c.token_digest == digest))
