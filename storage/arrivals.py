"""Who came by a link: how often it was opened, and which chats began by it; nothing about anybody."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import attributions, openings


async def note_opening(connection: AsyncConnection, code: str, source: bytes, now: dt.datetime) -> None:
    """Count that a link was opened; `source` is an index of where from on that day, and all that is kept of it."""
    await connection.execute(sa.insert(openings).values(code=code, source=source, at=now))


async def note_attribution(connection: AsyncConnection, chat_id: int, code: str, kept: bool, now: dt.datetime) -> None:
    """Keep that a chat came by a code, or that its worker declined it."""
    await connection.execute(sa.insert(attributions).values(chat_id=chat_id, code=code, kept=kept, at=now))
