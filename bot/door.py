"""What the web chat and the terminal need: a way in, the lines of a chat, and a sign when there are more."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from bot.channels.web import Busy, Line
from bot.channels.web.door import Author
from bot.turns import BusyError, Taken, Turns
from bot.waking import News
from conversations.messages import Address, Incoming, Message
from conversations.steps.nik import masked
from storage import transcript
from storage.chats import Chats, move_chat
from storage.database import Database
from storage.sealing import KeyRing

NIK = re.compile(r"\d(?:[ .-]?\d){15}")
"""Sixteen digits as people write them."""

AUTHORS: dict[str, Author] = {transcript.WORKER: "me", transcript.JAMIN: "us"}
"""Whose lines are shown. What an operator said is shown by the reply that says it."""


class ChatDoor:
    """The door of chats that fetch their lines themselves."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys
        self._chats = Chats(keys)
        self._listening: defaultdict[Address | int, set[asyncio.Event]] = defaultdict(set)
        """By address, and for what other processes commit by the chat's number."""
        self._turns: Turns | None = None

    def lead_to(self, turns: Turns) -> None:
        """Say where the door leads; turns themselves need `tell` first."""
        self._turns = turns

    async def take(self, incoming: Incoming) -> None:
        """Take an incoming; returns after the commit.

        Raises:
            Busy: too much is waiting.
        """
        if self._turns is None:
            raise Busy(1.0)
        try:
            await self._turns.take(incoming)
        except BusyError as busy:
            raise Busy(busy.retry_after) from busy

    async def history(self, address: Address, after: int) -> list[Line]:
        """Return the lines above `after`; what the backend told us is no line of the talk."""
        async with self._database.read() as connection:
            lines = await transcript.lines_after(connection, self._keys, address, after)
        return [
            Line(line.seq, AUTHORS[line.author], line.message or Message(hidden(line.words)), line.id)
            for line in lines
            if line.author in AUTHORS and line.words
        ]

    @asynccontextmanager
    async def listen(self, address: Address) -> AsyncIterator[asyncio.Event]:
        """Give an event that is set whenever there may be new lines."""
        event = asyncio.Event()
        async with self._database.read() as connection:
            chat = await self._chats.find(connection, address)
        names: tuple[Address | int, ...] = (address,) if chat is None else (address, chat)
        for name in names:
            self._listening[name].add(event)
        try:
            yield event
        finally:
            for name in names:
                self._listening[name].discard(event)
                if not self._listening[name]:
                    del self._listening[name]

    def tell(self, taken: Iterable[Taken]) -> None:
        """Wake those who listen to the chats of these turns."""
        self._wake(one.address for one in taken)

    def hear(self, news: News) -> None:
        """Wake those who listen to chats that any process committed something for."""
        self._wake(tuple(self._listening) if news.chats is None else news.chats)

    def _wake(self, names: Iterable[Address | int]) -> None:
        for name in names:
            for event in self._listening.get(name, ()):
                event.set()

    async def forget(self, address: Address) -> None:
        """Give the chat an address that nobody has, so that nobody can open it again; what was handed on goes on."""
        nowhere = Address(address.channel, address.bot, f"forgotten-{secrets.token_hex(16)}")
        async with self._database.write() as connection:
            await move_chat(connection, self._keys, address, nowhere)


def hidden(words: str) -> str:
    """Return what the worker wrote with any NIK masked: phones are lent, and the page shows old lines again."""
    return NIK.sub(lambda nik: masked(nik[0]), words)
