"""Going on in another channel: drawing a code with the ways in, and looking up one that was typed."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping

import structlog
from msgspec.structs import replace

from bot.channels.pace import Bucket
from bot.outbox import RefusedError, answer_id
from bot.turns import Clock
from conversations.effects import Redeem
from conversations.flows.moving import digest
from conversations.messages import CodeRefused, Continued, Incoming, What
from conversations.reading.moving import DIGITS_IN_CODE, LETTERS, LETTERS_IN_CODE
from conversations.turn import Door, DrawCode, Drawn, Facts
from storage.database import Database
from storage.deliveries import Delivery
from storage.moving import find
from storage.sealing import KeyRing

WRONG_A_SECOND, WRONG_AT_ONCE = 0.5, 30.0
"""Wrong codes that this process looks up, of all chats together; more wait in the outbox."""
PATIENCE = 3.0
"""Seconds to find out where a channel is; without an answer it is not offered."""

log = structlog.get_logger(__name__)

WayIn = Callable[[str], Awaitable[str]]
"""From a code to the link that opens a channel with it."""


class Doors:
    """Draws codes and knows the ways into the channels, by name."""

    def __init__(self, ways: Mapping[str, WayIn]) -> None:
        self._ways = ways

    async def supply(self, needs: DrawCode, facts: Facts) -> Facts:
        """Return the facts with a fresh code and the channels that are open besides the chat's own."""
        code = draw()
        links = await self.links(code)
        doors = tuple(Door(channel, url) for channel, url in links.items() if channel != needs.channel)
        return replace(facts, drawn=Drawn(code, doors))

    async def links(self, code: str) -> Mapping[str, str]:
        """Return where each channel opens with a code, by channel; those that are not open are left out."""
        urls = await asyncio.gather(*(self._url(way, code) for way in self._ways.values()))
        return {channel: url for channel, url in zip(self._ways, urls, strict=True) if url}

    async def _url(self, way: WayIn, code: str) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                return await way(code)
        except Exception as error:
            log.info("door_unknown", error=type(error).__name__)
            return ""


def draw() -> str:
    """Draw a code: one in 16 thousand million."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LETTERS_IN_CODE))
    return f"{letters}{secrets.randbelow(10**DIGITS_IN_CODE):0{DIGITS_IN_CODE}}"


class CodeLookup:
    """Looks up the codes that turns left in the outbox; see `outbox.Sender`."""

    def __init__(self, database: Database, keys: KeyRing, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._wrong = Bucket(WRONG_A_SECOND, WRONG_AT_ONCE, time.monotonic())

    async def send(self, delivery: Delivery) -> Incoming:
        """Tell the chat that showed the code where it was typed, or the other one why it moves nothing.

        Raises:
            RefusedError: too many wrong codes lately; look again later.
        """
        if not isinstance(delivery.what, Redeem):
            raise TypeError(type(delivery.what).__name__)
        if wait := self._wrong.wait(time.monotonic()):
            raise RefusedError(wait)
        async with self._database.read() as connection:
            found = await find(connection, self._keys, delivery.what.code, self._clock())
        if found is None or found.wrong or found.address == delivery.address:
            self._wrong.take(time.monotonic())
            return _told(delivery, CodeRefused((found.wrong or "used") if found else "unknown"))
        what = Continued(delivery.address, digest(delivery.what.code), delivery.what.asking)
        return replace(_told(delivery, what), address=found.address)


def _told(delivery: Delivery, what: What) -> Incoming:
    return Incoming(delivery.address, answer_id(delivery), what)
