"""Taking postings in: through the one door, and afterwards what the worker likes to see at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from bot.channels.chores import Chores
from bot.channels.nik import holds_nik
from bot.channels.whatsapp.sender import row_of
from bot.channels.whatsapp.shapes import plain
from bot.channels.whatsapp.updates import Arrival, Failed, read_posting
from bot.channels.whatsapp.wire import Wire
from bot.turns import Taken
from conversations.messages import Address, Incoming, Text

log = structlog.get_logger(__name__)

Take = Callable[[Incoming], Awaitable[Taken]]
Note = Callable[[int, int, str], Awaitable[None]]
"""Marks the reply of a chat and line as dead, with the error's name."""


class Intake:
    """Takes the postings of one number; `nik_stays` is told to whoever typed a NIK, since we can't delete it here."""

    def __init__(self, wire: Wire, account: str, take: Take, note: Note, chores: Chores, nik_stays: str) -> None:
        self._wire = wire
        self._account = account
        self._take = take
        self._note_row = note
        self._chores = chores
        self._nik_stays = nik_stays

    async def take(self, posting: Any) -> None:
        """Take all that a posting brought; returns after the commits.

        Raises:
            BusyError, Exception: something was not taken; WhatsApp should bring the posting again.
        """
        by_chat: dict[Address, list[Arrival]] = {}
        for found in read_posting(posting, self._account):
            if isinstance(found, Failed):
                await self._note(found)
            else:
                by_chat.setdefault(found.incoming.address, []).append(found)
        await asyncio.gather(*(self._take_chat(arrivals) for arrivals in by_chat.values()))

    async def _take_chat(self, arrivals: list[Arrival]) -> None:
        for arrival in arrivals:
            taken = await self._take(arrival.incoming)
            if not taken.duplicate:
                self._afterwards(arrival, taken)

    def _afterwards(self, arrival: Arrival, taken: Taken) -> None:
        self._chores.do(self._wire.mark_read(arrival.message))
        what = arrival.incoming.what
        if isinstance(what, Text) and holds_nik(what.text, taken.session):
            self._chores.do(self._wire.send(arrival.incoming.address.address, plain(self._nik_stays)))

    async def _note(self, failed: Failed) -> None:
        """A reply that could not be delivered is a dead letter, though it was taken at first."""
        row = row_of(failed.row)
        if row is None:
            return
        log.warning("delivery_failed_later", chat=row[0], line=row[1], code=failed.code)
        await self._note_row(*row, f"WhatsApp {failed.code}")
