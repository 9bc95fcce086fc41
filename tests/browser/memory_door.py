"""A door that keeps chats in memory and answers with a scripted form, and can be told to misbehave."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.channels.web import Author, Busy, Line
from conversations.messages import Address, Incoming, Message, Shown, Start, Tap, Text

HELLO = Message("Halo! Untuk siapa?", (Shown("Saya sendiri", "self"), Shown("Keluarga", "family")), "f", "who", (1, 3))
FORM = (
    HELLO,
    Message("Siapa nama Kakak?", (), "f", "name", (2, 3)),
    Message("Sudah benar?", (Shown("Benar", "yes"), Shown("Ubah", "no")), "f", "check", (3, 3)),
    Message("Selesai.", (Shown("Bayar", url="https://bayar.example/1"),)),
)
"""The form that is asked unless a test brings its own: each incoming is answered with the next message."""


class MemoryDoor:
    """`busy` holds what the next takes are refused with; `committed` can be cleared to hold commits back.

    `left` is set when somebody has stopped listening.
    """

    def __init__(self, form: Sequence[Message] = FORM) -> None:
        self.form = form
        self.lines: defaultdict[Address, list[Line]] = defaultdict(list)
        self.taken: list[Incoming] = []
        self.forgotten: list[Address] = []
        self.busy: list[float] = []
        self.left = asyncio.Event()
        self.committed = asyncio.Event()
        self.committed.set()
        self._listening: defaultdict[Address, set[asyncio.Event]] = defaultdict(set)

    async def take(self, incoming: Incoming) -> None:
        """Take it once, and answer with the form's next message."""
        if self.busy:
            raise Busy(self.busy.pop(0))
        await self.committed.wait()
        if any(known.id == incoming.id for known in self.taken):
            return
        answer = self.form[min(len(self.said(incoming.address, "us")), len(self.form) - 1)]
        self.taken.append(incoming)
        if not isinstance(incoming.what, Start):
            self.add(incoming.address, "me", Message(self._words(incoming)), incoming.id)
        self.add(incoming.address, "us", answer)

    async def history(self, address: Address, after: int) -> list[Line]:
        """Return the lines above `after`."""
        return [line for line in self.lines[address] if line.seq > after]

    @asynccontextmanager
    async def listen(self, address: Address) -> AsyncIterator[asyncio.Event]:
        """Give an event that every new line sets."""
        event = asyncio.Event()
        self._listening[address].add(event)
        try:
            yield event
        finally:
            self._listening[address].discard(event)
            self.left.set()

    async def language(self, address: Address) -> str:
        """Return the language of the last line of ours."""
        return next((line.message.locale for line in reversed(self.lines[address]) if line.author == "us"), "")

    async def forget(self, address: Address) -> None:
        """Remember who was forgotten, and drop their lines."""
        self.forgotten.append(address)
        self.lines.pop(address, None)

    def add(
        self,
        address: Address,
        author: Author,
        message: Message,
        id: str = "",  # noqa: A002
        picture: str = "",
    ) -> None:
        """Add a line as if it had been committed by anybody."""
        lines = self.lines[address]
        lines.append(Line(lines[-1].seq + 1 if lines else 1, author, message, id, picture))
        for event in self._listening[address]:
            event.set()

    def said(self, address: Address, author: Author) -> list[str]:
        """Return the texts of one author."""
        return [line.message.text for line in self.lines[address] if line.author == author]

    @property
    def address(self) -> Address:
        """The one chat there is."""
        (address,) = (address for address, lines in self.lines.items() if lines)
        return address

    def _words(self, incoming: Incoming) -> str:
        match incoming.what:
            case Text(text):
                return text
            case Tap(value):
                buttons = [button for line in self.lines[incoming.address] for button in line.message.buttons]
                return next((button.label for button in buttons if button.value == value), value)
            case other:
                return type(other).__name__


def key_and_values(key: str, /, **values: object) -> str:
    """Stand in for the catalogue: the key itself, then the values."""
    return " ".join((key, *map(str, values.values())))
