"""Operators: who works at the desk. Passwords come hashed."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from conversations.cases import CAPACITY
from storage.tables import backup_codes, operator_sessions, operators


class Operator(NamedTuple):
    """Somebody who answers workers.

    `must_change` says that the password was given by somebody else; `totp_since` since when they must show a code of
    their phone besides it, None while they need not; `capacity` counts the cases they have open at a time.
    """

    id: str
    name: str
    password_hash: str
    role: str
    must_change: bool
    capacity: int = CAPACITY
    totp_since: dt.datetime | None = None
    disabled_at: dt.datetime | None = None


READ = tuple(operators.c[name] for name in Operator._fields)


async def any_operator(connection: AsyncConnection) -> bool:
    """Tell whether there is any operator, disabled ones too."""
    return bool((await connection.execute(sa.select(sa.exists(sa.select(operators.c.id))))).scalar())


async def all_operators(connection: AsyncConnection) -> list[Operator]:
    """Return everybody by name, disabled ones too."""
    return [Operator(*row) for row in await connection.execute(sa.select(*READ).order_by(operators.c.name))]


async def operator_named(connection: AsyncConnection, name: str) -> Operator | None:
    """Return the operator of that name, unless disabled."""
    found = await known_operator(connection, name)
    return found if found and found.disabled_at is None else None


async def known_operator(connection: AsyncConnection, name: str) -> Operator | None:
    """Return the operator of that name, disabled or not."""
    row = (await connection.execute(sa.select(*READ).where(operators.c.name == name))).first()
    return Operator(*row) if row else None


async def others_with_role(connection: AsyncConnection, role: str, operator_id: str) -> int:
    """Count who else has a role and is not disabled, and lock all of that role: two who leave it at once are told."""
    having = sa.select(operators.c.id).where(operators.c.role == role, operators.c.disabled_at.is_(None))
    found = await connection.execute(having.order_by(operators.c.id).with_for_update())
    return sum(one != operator_id for one in found.scalars())


async def keep_operator(connection: AsyncConnection, operator: Operator, now: dt.datetime) -> bool:
    """Store a new operator; tell whether the name was still free."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {**operator._asdict(), "created_at": now}
    stored = await connection.execute(insert(operators).values(values).on_conflict_do_nothing())
    return stored.rowcount == 1


async def change_operator(connection: AsyncConnection, operator_id: str, **values: Any) -> None:
    """Change columns of an operator."""
    await connection.execute(sa.update(operators).where(operators.c.id == operator_id).values(values))


async def keep_password(connection: AsyncConnection, operator_id: str, password_hash: str) -> None:
    """Store a password that the operator chose, and sign them out everywhere."""
    await change_operator(connection, operator_id, password_hash=password_hash, must_change=False)
    await close_sessions(connection, operator_id)


async def close_sessions(connection: AsyncConnection, operator_id: str) -> None:
    """Sign an operator out everywhere."""
    await connection.execute(sa.delete(operator_sessions).where(operator_sessions.c.operator_id == operator_id))


async def forget_second_factor(connection: AsyncConnection, operator_id: str) -> None:
    """Take an operator's second factor away, its backup codes too."""
    await change_operator(connection, operator_id, key_id="", data_key=None, totp=None, totp_since=None, totp_step=0)
    await connection.execute(sa.delete(backup_codes).where(backup_codes.c.operator_id == operator_id))
