"""Taking postings in: through the one door, and afterwards what the worker likes to see at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.channels.chores import Chores
from bot.channels.nik import holds_nik
from bot.channels.whatsapp.reports import Reports
from bot.channels.whatsapp.shapes import plain
from bot.channels.whatsapp.updates import Arrival, Notice, Report, read_posting
from bot.channels.whatsapp.wire import Wire
from bot.turns import Taken
from conversations.messages import Address, Incoming, Text

Take = Callable[[Incoming], Awaitable[Taken]]
Find = Callable[[Sequence[Address]], Awaitable[Address | None]]
"""Gives the first of some addresses that has a chat."""


class Intake:
    """Takes the postings of one number; `nik_stays`, in a language, is told to whoever typed a NIK, since we
    can't delete it here."""

    def __init__(
        self,
        wire: Wire,
        account: str,
        take: Take,
        find: Find,
        reports: Reports,
        chores: Chores,
        nik_stays: Callable[[str], str],
    ) -> None:
        self._wire = wire
        self._account = account
        self._take = take
        self._find = find
        self._reports = reports
        self._chores = chores
        self._nik_stays = nik_stays

    async def take(self, posting: Any) -> None:
        """Take all that a posting brought; returns after the commits.

        Raises:
            BusyError, Exception: something was not taken; WhatsApp should bring the posting again.
        """
        by_chat: dict[Address, list[Arrival]] = {}
        reports: list[Report] = []
        for found in read_posting(posting, self._account):
            match found:
                case Arrival():
                    by_chat.setdefault(found.incoming.address, []).append(found)
                case Report():
                    reports.append(found)
                case Notice():
                    await self._notice(found)
        await asyncio.gather(self._reports.note(reports), *map(self._take_chat, by_chat.values()))

    async def _notice(self, notice: Notice) -> None:
        """Take what is told of somebody we know; a stranger gets no chat by it."""
        address = await self._find(notice.known_as)
        if address is not None:
            await self._take(Incoming(address, notice.id, notice.what))

    async def _take_chat(self, arrivals: list[Arrival]) -> None:
        for arrival in arrivals:
            taken = await self._take(arrival.incoming)
            if not taken.duplicate:
                self._afterwards(arrival, taken)

    def _afterwards(self, arrival: Arrival, taken: Taken) -> None:
        self._chores.do(self._wire.mark_read(arrival.message))
        what = arrival.incoming.what
        if isinstance(what, Text) and holds_nik(what.text, taken.session):
            stays = self._nik_stays(taken.session.locale if taken.session else "")
            self._chores.do(self._wire.send(arrival.incoming.address.address, plain(stays)))
