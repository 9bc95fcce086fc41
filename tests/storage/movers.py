"""Processes with the real core, the real outbox and messengers that can be stopped, for tests of chats that move."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import uuid
from collections.abc import Awaitable, Callable

from bot.moving import CodeLookup, Doors
from bot.outbox import Outbox, RefusedError
from bot.playing import Core
from bot.turns import Taken, Turns
from bot.wording import load_speech
from conversations.asking import option_value
from conversations.engine import take_turn
from conversations.messages import Address, Incoming, Kind, Message, Tap, Text
from conversations.session import Session
from conversations.turn import DrawCode, Facts, Lacking
from storage.database import Database
from storage.deliveries import Delivery
from storage.sealing import KeyRing

NOW = dt.datetime(2026, 11, 21, 5, tzinfo=dt.UTC)
OLD = Address("whatsapp", "106", "628111")
NEW = Address("telegram", "700", "7")
CODE = re.compile(r"[A-Z]{4} \d{5}")


class Wire:
    """A messenger that notes what it delivers, and refuses while it is `closed`, and is `open` unless it lets wait."""

    def __init__(self) -> None:
        self.sent: list[tuple[Address, str]] = []
        self.closed = False
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, delivery: Delivery) -> None:
        """Deliver a reply."""
        await self.open.wait()
        if self.closed:
            raise RefusedError(60.0)
        assert isinstance(delivery.what, Message)
        self.sent.append((delivery.address, delivery.what.text))

    def texts(self, address: Address) -> list[str]:
        """Return what reached an address."""
        return [text for to, text in self.sent if to == address]


class Process:
    """One process: turns with the real core, an outbox that looks up codes, two messengers."""

    def __init__(self, database: Database, keys: KeyRing, wires: dict[str, Wire], holder: str = "test") -> None:
        self.now = NOW
        self.database, self.keys, self.wires = database, keys, wires
        lookup = CodeLookup(database, keys, lambda: self.now)
        self.outbox = Outbox(
            database, keys, {"moving": lookup, **wires}, holder=holder, clock=lambda: self.now, look_every=0.05
        )
        core = Core(take_turn, load_speech().message)
        self.turns = Turns(database, keys, core, self.outbox, clock=lambda: self.now, fetch=supply)

    async def __aenter__(self) -> Process:
        await self.outbox.start(self.turns.take)
        await self.turns.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.turns.stop()
        await self.outbox.stop()

    async def take(self, address: Address, what: Kind, name: str = "") -> Taken:
        """Take one incoming."""
        return await self.turns.take(Incoming(address, name or str(uuid.uuid4()), what))  # type: ignore[arg-type]

    async def say(self, address: Address, *texts: str) -> Session:
        """Type; return the session after the last text."""
        for text in texts:
            session = (await self.take(address, Text(text))).session
        assert session is not None
        return session

    async def begun(self, address: Address) -> Session:
        """Begin an enrolment there and answer the first two questions."""
        session = await self.say(address, "halo")
        await self.take(address, Tap(option_value(session.asking, "whom", "self")))
        return await self.say(address, "narik ojol")

    async def code(self, address: Address) -> str:
        """Ask for a code there."""
        taken = await self.take(address, Text("pindah"))
        found = CODE.search(taken.spoken[0].message.text)
        assert found is not None
        return found[0]

    async def chat_at(self, address: Address) -> int | None:
        """Return the id of the chat at an address."""
        async with self.database.read() as connection:
            return await self.turns._chats.find(connection, address)

    async def moved(self, code: str, to: Address = NEW, was: Address = OLD) -> int:
        """Type a code somewhere and wait until the chat is there; return its id."""
        chat = await self.chat_at(was)
        assert chat is not None
        await self.take(to, Text(code))

        async def arrived() -> bool:
            return await self.chat_at(to) == chat

        await until(arrived)
        return chat


async def supply(needs: Lacking, facts: Facts) -> Facts:
    """Draw codes; know nothing else."""
    assert isinstance(needs, DrawCode)
    return await Doors({}).supply(needs, facts)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(10):
        while not await condition():
            await asyncio.sleep(0.01)


async def heard(process: Process, address: Address, part: str) -> str:
    """Wait until a message with this part reached an address."""
    found: list[str] = []

    async def said() -> bool:
        found[:] = [text for text in process.wires[address.channel].texts(address) if part in text]
        return bool(found)

    await until(said)
    return found[-1]
