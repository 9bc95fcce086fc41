"""Operators' sessions at the desk, found by the digest of the secret in their cookie.

A session is over at a set moment, and earlier if nothing was asked for a while. A half one is that of somebody whose
password was right and whose code is still awaited.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.operators import READ, Operator
from storage.tables import operator_sessions, operators

IDLE = dt.timedelta(hours=2)
"""After that long without a page being asked for a session is over."""

_SESSION = operator_sessions.c


class Session(NamedTuple):
    """Whose session it is; when a page was last asked for, and when they last proved who they are."""

    operator: Operator
    seen_at: dt.datetime
    sure_at: dt.datetime
    half: bool


async def open_session(
    connection: AsyncConnection,
    digest: bytes,
    operator_id: str,
    now: dt.datetime,
    expires: dt.datetime,
    *,
    half: bool = False,
) -> None:
    """Remember a session by its secret's digest, and forget those that are over."""
    await connection.execute(sa.delete(operator_sessions).where(_SESSION.expires_at <= now))
    values = {
        "token_digest": digest,
        "operator_id": operator_id,
        "created_at": now,
        "expires_at": expires,
        "seen_at": now,
        "sure_at": now,
        "half": half,
    }
    await connection.execute(sa.insert(operator_sessions).values(values))


async def session_of(connection: AsyncConnection, digest: bytes, now: dt.datetime) -> Session | None:
    """Return a session; None once it is over or the operator is disabled."""
    # A process of the version before does not note when it saw somebody.
    seen = sa.case((_SESSION.seen_at > _SESSION.created_at, _SESSION.seen_at), else_=_SESSION.created_at).label("seen")
    found = await connection.execute(
        sa.select(seen, _SESSION.sure_at, _SESSION.half, *READ)
        .join(operators, operators.c.id == _SESSION.operator_id)
        .where(_SESSION.token_digest == digest, _SESSION.expires_at > now, seen > now - IDLE)
        .where(operators.c.disabled_at.is_(None))
    )
    row = found.first()
    return Session(Operator(*row[3:]), *row[:3]) if row else None


async def note_seen(connection: AsyncConnection, digest: bytes, now: dt.datetime) -> None:
    """Note that a page was asked for."""
    await connection.execute(sa.update(operator_sessions).where(_SESSION.token_digest == digest).values(seen_at=now))


async def note_sure(connection: AsyncConnection, digest: bytes, now: dt.datetime) -> None:
    """Note that somebody proved again who they are."""
    await connection.execute(sa.update(operator_sessions).where(_SESSION.token_digest == digest).values(sure_at=now))


async def close_session(connection: AsyncConnection, digest: bytes) -> None:
    """End a session."""
    await connection.execute(sa.delete(operator_sessions).where(_SESSION.token_digest == digest))
