"""Until when a messenger lets us write to somebody in free words: WhatsApp for 24 hours after their own last message.

Counted is what the worker sent in the chat (`messages.BY_WORKER`), from the moment they sent it, not when it reached
us; and never a status, an operator or the backend. Known ahead, so that nothing is sent only to be refused.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.tables import EPOCH, chats, moment

LENGTH = {"whatsapp": dt.timedelta(hours=24)}
"""The channels that have a window; on all others anything may be said at any time."""

EARLY = dt.timedelta(minutes=5)
"""Taken off the end: what is sent needs time to arrive, and clocks differ."""


class Window(NamedTuple):
    """Free words may be sent before `until` (UTC); None where the channel sets no limit."""

    until: dt.datetime | None

    def is_open(self, now: dt.datetime) -> bool:
        """Tell whether free words may be sent."""
        return self.until is None or now < self.until


ALWAYS = Window(None)


def window_after(channel: str, said: int | None) -> Window:
    """Return the window of a chat whose worker last spoke at `said`, as tables keep moments; None: they never did."""
    length = LENGTH.get(channel)
    if length is None:
        return ALWAYS
    return Window(EPOCH if said is None else moment(said) + length - EARLY)


async def window_of(connection: AsyncConnection, chat_id: int) -> Window:
    """Return the window of a chat, for those who want to know before they write.

    Raises:
        NoResultFound: there is no such chat.
    """
    said = sa.type_coerce(chats.c.last_said_at, sa.BigInteger)
    found = await connection.execute(sa.select(chats.c.channel, said).where(chats.c.id == chat_id))
    return window_after(*found.one())
