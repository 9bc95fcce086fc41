"""One websocket of one chat: what the page says goes in at the door, what the chat holds comes out by number.

Lines are pulled, never pushed: each socket reads on from the last number it sent. So there is nothing to queue for a
page that reads slowly, such a page holds up nobody else, and when it is dropped it comes back for what it missed.
"""

from __future__ import annotations

import asyncio

import msgspec
from aiohttp import WSMsgType, web

from bot.channels.unreadable import UNREADABLE
from bot.channels.web.door import Busy, Door, Line
from bot.channels.web.frames import (
    Ack,
    Bad,
    Hello,
    Ready,
    Reset,
    Tapped,
    ToPage,
    Typed,
    Typing,
    Wait,
    from_page,
    shows,
)
from bot.channels.web.limit import Limit
from conversations.messages import Address, Incoming, Start, Tap, Text

HELLO_SECONDS = 20.0
"""How long a new socket may stay silent."""

SEND_SECONDS = 20.0
"""How long one frame may wait for a page that does not read."""


class ChatSocket:
    """The talk over `ws` in the chat at `address`; `tongue` is the language that the browser tells of itself."""

    def __init__(
        self, ws: web.WebSocketResponse, transport: asyncio.Transport, door: Door, limit: Limit, tongue: str = ""
    ) -> None:
        self._ws = ws
        self._transport = transport
        self._door = door
        self._limit = limit
        self._tongue = tongue
        self._last: Line | None = None

    async def run(self, address: Address | None) -> None:
        """Talk until either side leaves; without an address there is no chat to talk in. Raises the door's faults."""
        try:
            await self._run(address)
        except* ConnectionError:
            pass  # the page has left and will be back

    async def _run(self, address: Address | None) -> None:
        hello = await self._hello()
        if hello is None:
            await self._send(Bad("hello"))
        elif address is None or address.address != hello.chat:
            await self._send(Bad("gone"))
        else:
            await self._talk(address, hello)

    async def _hello(self) -> Hello | None:
        try:
            received = await self._ws.receive(timeout=HELLO_SECONDS)
            frame = from_page.decode(received.data)
        except (*UNREADABLE, TimeoutError, TypeError):
            return None
        return frame if isinstance(frame, Hello) else None

    async def _talk(self, address: Address, hello: Hello) -> None:
        after = await self._open(address, hello)
        async with self._door.listen(address) as news, asyncio.TaskGroup() as tasks:
            showing = tasks.create_task(self._show(address, after, news))
            async for received in self._ws:
                if received.type is not WSMsgType.ERROR:
                    await self._send(await self._answer(address, received.data))
            showing.cancel()

    # --- in ----------------------------------------------------------------------------------------------------------

    async def _answer(self, address: Address, data: str | bytes) -> ToPage:
        try:
            frame = from_page.decode(data)
        except UNREADABLE:
            return Bad("frame")
        match frame:
            case Typed(id, text):
                return await self._take(Incoming(address, str(id), Text(text)))
            case Tapped(id, value):
                return await self._take(Incoming(address, str(id), Tap(value)))
            case Hello():
                return Bad("frame")

    async def _take(self, incoming: Incoming) -> ToPage:
        if wait := self._limit.wait(incoming.address):
            return Wait(wait)
        await self._send(Typing())
        try:
            await self._door.take(incoming)
        except Busy as full:
            return Wait(full.retry_after)
        return Ack(incoming.id)

    # --- out ---------------------------------------------------------------------------------------------------------

    async def _show(self, address: Address, after: int, news: asyncio.Event) -> None:
        after = await self._send_after(address, after)
        await self._send(Ready())
        while True:
            await news.wait()
            news.clear()
            after = await self._send_after(address, after)

    async def _open(self, address: Address, hello: Hello) -> int:
        """Return the line to go on from; a chat without lines, or a new link, is started first."""
        lines = await self._door.history(address, max(hello.after - 1, 0))
        after = hello.after
        if after and (not lines or lines[0].seq != after):
            await self._send(Reset())
            after = 0
        if hello.code or not lines:
            await self._start(address, hello.code)
        return after

    async def _start(self, address: Address, code: str) -> None:
        # The id is made from what it stands for, so two tabs or a reload start a chat once.
        incoming = Incoming(address, f"start:{address.address}:{code}", Start(code), language=self._tongue)
        taken = False
        while not taken:
            try:
                await self._door.take(incoming)
                taken = True
            except Busy as full:
                await asyncio.sleep(full.retry_after)

    async def _send_after(self, address: Address, after: int) -> int:
        lines = await self._door.history(address, max(after - 1, 0))
        if after and not self._goes_on(lines, after):
            await self._send(Reset())
            lines, after = await self._door.history(address, 0), 0
        for line in lines:
            if line.seq > after:
                await self._send(shows(line))
                after, self._last = line.seq, line
        return after

    def _goes_on(self, lines: list[Line], after: int) -> bool:
        """Tell whether line `after` is still what was shown: it may be erased, or another chat may have come here."""
        return bool(lines) and lines[0].seq == after and self._last in (None, lines[0])

    async def _send(self, frame: ToPage) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._ws.send_frame(msgspec.json.encode(frame), WSMsgType.TEXT)
        except TimeoutError:
            self._transport.abort()  # a polite close would wait for the same full pipe
            raise ConnectionAbortedError from None
