"""What the web chat and the terminal need: a way in, the lines of a chat, and a sign when there are more."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.web import Busy, Line
from bot.channels.web.door import Author
from bot.turns import BusyError, Taken, Turns
from bot.waking import News
from conversations.messages import Address, Incoming, Message, Paper
from conversations.steps.nik import masked
from storage import transcript
from storage.chats import Chats, chat_at, move_chat
from storage.database import Database
from storage.sealing import KeyRing

NIK = re.compile(r"\d(?:[ .-]?\d){15}")
"""Sixteen digits as people write them."""

AUTHORS: dict[str, Author] = {transcript.WORKER: "me", transcript.JAMIN: "us"}
"""Whose lines are shown. What an operator said is shown by the reply that says it."""


class ChatDoor:
    """The door of chats that fetch their lines themselves; `picture` gives the address of a picture in one."""

    def __init__(self, database: Database, keys: KeyRing, picture: Callable[[Address, Paper], str]) -> None:
        self._database = database
        self._keys = keys
        self._picture = picture
        self._chats = Chats(keys)
        self._listening: defaultdict[Address, set[asyncio.Event]] = defaultdict(set)
        self._numbers: dict[Address, int] = {}
        """The chats that pages listen to, since other processes tell of chats by number; read anew with the lines."""
        self._places: dict[int, Address] = {}
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
            await self._learn(connection, address)
            lines = await transcript.lines_after(connection, self._keys, address, after)
        shown = (line for line in lines if line.author in AUTHORS and line.words)
        return [self._line(address, line) for line in shown]

    def _line(self, address: Address, line: transcript.Line) -> Line:
        message = line.message or Message(hidden(line.words))
        picture = self._picture(address, message.paper) if message.paper else ""
        return Line(line.seq, AUTHORS[line.author], message, line.id, picture)

    @asynccontextmanager
    async def listen(self, address: Address) -> AsyncIterator[asyncio.Event]:
        """Give an event that is set whenever there may be new lines."""
        event = asyncio.Event()
        self._listening[address].add(event)
        try:
            async with self._database.read() as connection:
                await self._learn(connection, address)
            yield event
        finally:
            self._listening[address].discard(event)
            if not self._listening[address]:
                del self._listening[address]
                self._let_go(address)

    async def _learn(self, connection: AsyncConnection, address: Address) -> None:
        """Note which chat is where somebody listens; another one is, once a chat moved there."""
        chat = await self._chats.find(connection, address)
        if address in self._listening:
            self._let_go(address)
            if chat is not None:
                self._numbers[address], self._places[chat] = chat, address

    def _let_go(self, address: Address) -> None:
        chat = self._numbers.pop(address, None)
        if chat is not None and self._places.get(chat) == address:
            del self._places[chat]

    def tell(self, taken: Iterable[Taken]) -> None:
        """Wake those who listen to the chats of these turns."""
        self._wake(one.address for one in taken)

    def hear(self, news: News) -> None:
        """Wake those who listen to chats that any process committed something for."""
        if news.chats is None:
            self._wake(tuple(self._listening))
        else:
            self._wake(self._places[chat] for chat in news.chats if chat in self._places)

    def _wake(self, addresses: Iterable[Address]) -> None:
        for address in addresses:
            for event in self._listening.get(address, ()):
                event.set()

    async def language(self, address: Address) -> str:
        """Return the language that a chat is held in; "" where there is none, and while the database is away: the page
        opens without it, and comes back until it is there."""
        try:
            async with self._database.read() as connection:
                chat = await chat_at(connection, self._keys, address)
        except (sa.exc.SQLAlchemyError, OSError):
            return ""
        return chat.locale if chat else ""

    async def forget(self, address: Address) -> None:
        """Give the chat an address that nobody has, so that nobody can open it again; what was handed on goes on."""
        nowhere = Address(address.channel, address.bot, f"forgotten-{secrets.token_hex(16)}")
        async with self._database.write() as connection:
            await move_chat(connection, self._keys, address, nowhere)


def hidden(words: str) -> str:
    """Return what the worker wrote with any NIK masked: phones are lent, and the page shows old lines again."""
    return NIK.sub(lambda nik: masked(nik[0]), words)
