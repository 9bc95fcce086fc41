"""The second factor of an operator: a secret that their phone shares, sealed, and backup codes, as digests.

A code is taken once: the step of time it stands for, or the backup code itself, is used up in the same statement that
finds it fit, so that two processes cannot both take it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.operators import change_operator
from storage.sealing import KeyRing, Wrapped
from storage.tables import backup_codes, operators


async def keep_secret(connection: AsyncConnection, keys: KeyRing, operator_id: str, secret: str) -> None:
    """Store the secret that an operator's phone is about to learn; it holds from `confirm_secret` on."""
    wrapped, key = keys.new_key(_owner(operator_id))
    sealed = key.seal(secret.encode(), _place(operator_id))
    await change_operator(
        connection, operator_id, key_id=wrapped.key_id, data_key=wrapped.data_key, totp=sealed, totp_since=None
    )


async def secret_of(connection: AsyncConnection, keys: KeyRing, operator_id: str) -> str | None:
    """Return an operator's secret, confirmed or not; None where there is none."""
    columns = (operators.c[name] for name in ("key_id", "data_key", "totp"))
    row = (await connection.execute(sa.select(*columns).where(operators.c.id == operator_id))).first()
    if row is None or row.totp is None:
        return None
    key = keys.unwrap(Wrapped(row.key_id, row.data_key), _owner(operator_id))
    return key.open(row.totp, _place(operator_id)).decode()


async def confirm_secret(connection: AsyncConnection, operator_id: str, now: dt.datetime) -> None:
    """Let the second factor hold from now on."""
    await change_operator(connection, operator_id, totp_since=now)


async def use_step(connection: AsyncConnection, operator_id: str, step: int) -> bool:
    """Use up a step of time and all before it; tell whether it was still unused."""
    later = sa.update(operators).where(operators.c.id == operator_id, operators.c.totp_step < step)
    return (await connection.execute(later.values(totp_step=step))).rowcount == 1


async def keep_backup_codes(connection: AsyncConnection, keys: KeyRing, operator_id: str, codes: Iterable[str]) -> None:
    """Replace an operator's backup codes."""
    await connection.execute(sa.delete(backup_codes).where(backup_codes.c.operator_id == operator_id))
    digests = (keys.index("backup_code", f"{operator_id}|{code}") for code in codes)
    rows = [{"operator_id": operator_id, "digest": digest} for digest in digests]
    await connection.execute(sa.insert(backup_codes), rows)


async def use_backup_code(connection: AsyncConnection, keys: KeyRing, operator_id: str, code: str) -> bool:
    """Use up a backup code; tell whether it was one."""
    digests = keys.indexes("backup_code", f"{operator_id}|{code}")
    mine = sa.delete(backup_codes).where(backup_codes.c.operator_id == operator_id, backup_codes.c.digest.in_(digests))
    return (await connection.execute(mine)).rowcount == 1


async def backup_codes_left(connection: AsyncConnection, operator_id: str) -> int:
    """Count the backup codes that are not used up."""
    mine = sa.select(sa.func.count()).where(backup_codes.c.operator_id == operator_id)
    return (await connection.execute(mine)).scalar_one()


def _owner(operator_id: str) -> str:
    return f"operators.{operator_id}"


def _place(operator_id: str) -> str:
    return f"operators.totp.{operator_id}"
