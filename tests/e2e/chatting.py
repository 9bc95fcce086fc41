"""Workers who chat with the running program: inside this process, and over the web chat's websocket."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Iterable
from typing import Any

import aiohttp

from bot.app import Jamin
from bot.turns import Taken
from conversations.messages import Address, Incoming, Message, Tap, Text, What
from tests.e2e.form import FIRST_BUTTON, Move

PATIENCE = 45.0
"""Seconds to wait for something that must come; longer than the slowest fault that is switched on here."""
LOOK_EVERY = 0.05

_CHAT = re.compile(r'data-chat="([0-9a-f]+)"')


def value_of(buttons: Iterable[Any], option: str) -> str:
    """What the button of an option carries; the first button's for `FIRST_BUTTON`."""
    values = [str(button.value) for button in buttons if button.value]
    if option == FIRST_BUTTON:
        return values[0]
    found = [value for value in values if value == option or value.endswith(f":{option}")]
    assert found, f"no button for {option} among {values}"
    return found[-1]


class Worker:
    """A chat inside this process, through the door that every channel uses. It never waits for anybody else."""

    def __init__(self, jamin: Jamin, name: str) -> None:
        self.jamin = jamin
        self.address = Address("terminal", "jamin", name)

    async def take(self, what: What) -> Taken:
        """Let something come in."""
        return await self.jamin.turns.take(Incoming(self.address, str(uuid.uuid4()), what))

    async def heard(self) -> list[Message]:
        """All that was ever said to this worker."""
        return [line.message for line in await self.jamin.door.history(self.address, 0) if line.author == "us"]

    async def last(self) -> Message:
        """The last thing said."""
        return (await self.heard())[-1]

    async def do(self, move: Move) -> None:
        """Answer the question that must be open."""
        last = await self.last()
        assert last.step == move.step, (last, move)
        await self.take(Tap(value_of(last.buttons, move.option)) if move.option else Text(move.text))

    async def go(self, moves: Iterable[Move]) -> None:
        """Answer one question after the other."""
        for move in moves:
            await self.do(move)

    async def until(self, step: str, holding: str = "") -> Message:
        """Wait until the last thing said asks `step` and holds a text; give it."""
        async with asyncio.timeout(PATIENCE), self.jamin.door.listen(self.address) as news:
            while (last := await self.last()).step != step or holding not in last.text:
                await news.wait()
                news.clear()
        return last


class WebWorker:
    """A chat over the web chat's websocket, as its page talks (`bot/channels/web`), also after the line broke."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self.lines: dict[int, dict[str, Any]] = {}
        self.chat = ""

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str) -> WebWorker:
        """Open the page and wait for the hello."""
        worker = cls(http, url)
        await worker.connect()
        await worker.until("?")
        return worker

    async def connect(self) -> None:
        """Come for the first time, or again with the same cookie."""
        async with self._http.get(self._url) as page:
            found = _CHAT.search(await page.text())
        assert found
        self.chat = found[1]
        self._socket = await self._http.ws_connect(f"{self._url}/chat/ws", headers={"Origin": self._url})
        await self._socket.send_json({"t": "hello", "chat": self.chat, "after": max(self.lines, default=0), "code": ""})

    async def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()

    @property
    def heard(self) -> list[dict[str, Any]]:
        """All that was said to this worker."""
        return [line for _, line in sorted(self.lines.items()) if line["from"] != "me"]

    async def send(self, frame: dict[str, Any]) -> None:
        """Send a frame until it is acknowledged."""
        assert self._socket is not None
        frame |= {"id": str(uuid.uuid4())}
        async with asyncio.timeout(PATIENCE):
            await self._socket.send_json(frame)
            while (answer := await self._next())["t"] != "ack":
                assert answer["t"] in ("message", "typing", "ready", "busy"), answer
                if answer["t"] == "busy":
                    await asyncio.sleep(answer["retry"])
                    await self._socket.send_json(frame)

    async def say(self, text: str) -> None:
        """Type a text."""
        await self.send({"t": "text", "text": text})

    async def do(self, move: Move) -> None:
        """Answer the open question and wait for the next line."""
        before = max(self.lines)
        if move.option:
            await self.send({"t": "tap", "value": self._value(move.option)})
        else:
            await self.say(move.text)
        async with asyncio.timeout(PATIENCE):
            while not any(seq > before and line["from"] == "us" for seq, line in self.lines.items()):
                await self._next()

    async def go(self, moves: Iterable[Move]) -> None:
        """Answer one question after the other."""
        for move in moves:
            await self.do(move)

    async def until(self, text: str) -> str:
        """Wait until something said holds a text; give what was said then."""
        async with asyncio.timeout(PATIENCE):
            while not (found := [line["text"] for line in self.heard if text in line["text"]]):
                await self._next()
        return str(found[-1])

    async def hear(self) -> None:
        """Wait for the next frame."""
        async with asyncio.timeout(PATIENCE):
            await self._next()

    def _value(self, option: str) -> str:
        buttons = next(line["buttons"] for line in reversed(self.heard) if line["buttons"])
        values = [b["value"] for b in buttons if b["value"]]
        found = [v for v in values if option in (v, FIRST_BUTTON) or v.endswith(f":{option}")]
        assert found, f"no button for {option} among {values}"
        return str(found[0])

    async def _next(self) -> dict[str, Any]:
        assert self._socket is not None
        frame: dict[str, Any] = await self._socket.receive_json()
        if frame["t"] == "message":
            self.lines[frame["seq"]] = frame
        return frame
