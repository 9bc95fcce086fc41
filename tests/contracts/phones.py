"""A worker's side of each channel: what is in their hand, whatever lies between it and us."""

from __future__ import annotations

import abc
import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

import aiohttp

from bot.app import Jamin
from bot.channels.terminal import TerminalChat
from bot.channels.web import identity
from conversations.messages import Address, Message, Start, Tap, Text, Unsupported
from tests.fakes import graph_api
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.graph_api import FakeGraphApi

PATIENCE = 15.0
"""Seconds that anything may take to arrive, on a machine busy with other tests."""


class Heard(NamedTuple):
    """A message as it reached the worker."""

    text: str
    labels: tuple[str, ...]


class Phone(abc.ABC):
    """One worker's chat. `brings_again` tells whether the channel may deliver one update twice, `shows_pictures`
    whether pictures reach the worker."""

    brings_again = True
    shows_pictures = True

    @abc.abstractmethod
    def heard(self) -> list[Heard]:
        """Return all that reached the worker, in order."""

    @abc.abstractmethod
    async def start(self, code: str = "") -> None:
        """Open the chat, perhaps through a link."""

    @abc.abstractmethod
    async def say(self, text: str) -> None:
        """Type and send."""

    @abc.abstractmethod
    async def tap(self, label: str) -> None:
        """Tap the newest button with this label."""

    @abc.abstractmethod
    async def tap_old(self, label: str) -> None:
        """Tap the oldest button with this label."""

    async def send_voice(self) -> bool:
        """Send a voice message; tell whether this channel has any."""
        return False

    async def pictures(self) -> list[bytes]:
        """Return the files that came with messages, in order; none where a channel shows none."""
        return []

    async def again(self) -> None:
        """Let the channel bring the last update once more."""
        raise NotImplementedError

    async def hears(self, part: str, after: int = 0) -> Heard:
        """Wait until a message with this part arrived behind the first `after` ones."""
        return await self.until(lambda: next((h for h in self.heard()[after:] if part in h.text), None))

    async def hears_more(self, than: int) -> Heard:
        """Wait for more messages than these; return the newest."""
        return await self.until(lambda: self.heard()[-1] if len(self.heard()) > than else None)

    async def asks(self, said: str) -> Heard:
        """Type something and wait for what is said to it."""
        before = len(self.heard())
        await self.say(said)
        return await self.hears_more(before)

    async def picks(self, label: str) -> Heard:
        """Tap something and wait for what is said to it."""
        await self.until(lambda: next((heard for heard in self.heard() if label in heard.labels), None))
        before = len(self.heard())
        await self.tap(label)
        return await self.hears_more(before)

    async def until(self, look: Callable[[], Heard | None]) -> Heard:
        """Look again and again until there is something."""
        async with asyncio.timeout(PATIENCE):
            while (found := look()) is None:
                await asyncio.sleep(0.01)
            return found


class TerminalPhone(Phone):
    """The terminal."""

    brings_again = False
    shows_pictures = False

    def __init__(self, jamin: Jamin) -> None:
        self._chat = TerminalChat(jamin, jamin.clock, Address("terminal", "jamin", "siti"))
        self._messages: list[Message] = []

    def heard(self) -> list[Heard]:
        """Return all that reached the worker, in order."""
        return [Heard(m.text, tuple(b.label for b in m.buttons)) for m in self._messages]

    async def start(self, code: str = "") -> None:
        """Open the chat, perhaps through a link."""
        self._messages += await self._chat.say(Start(code))

    async def say(self, text: str) -> None:
        """Type and send."""
        self._messages += await self._chat.say(Text(text))

    async def tap(self, label: str) -> None:
        """Tap the newest button with this label."""
        self._messages += await self._chat.say(Tap(self._values(label)[-1]))

    async def tap_old(self, label: str) -> None:
        """Tap the oldest button with this label."""
        self._messages += await self._chat.say(Tap(self._values(label)[0]))

    async def send_voice(self) -> bool:
        """Send a voice message."""
        self._messages += await self._chat.say(Unsupported("voice"))
        return True

    def _values(self, label: str) -> list[str]:
        return [b.value for message in self._messages for b in message.buttons if b.label == label]


class WebPhone(Phone):
    """The web chat: a cookie and a websocket."""

    def __init__(
        self, socket: aiohttp.ClientWebSocketResponse, chat: str, http: aiohttp.ClientSession, root: str
    ) -> None:
        self._chat = chat
        self._http = http
        self._root = root
        self._socket = socket
        self._lines: dict[int, dict[str, Any]] = {}
        self._last: dict[str, Any] = {}

    @classmethod
    @contextlib.asynccontextmanager
    async def at(cls, root: str) -> AsyncIterator[WebPhone]:
        """Open the page and its socket."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as http:
            async with http.get(f"{root}/") as page:
                chat = identity.name_of(page.cookies[identity.OWN.cookie].value)
            async with http.ws_connect(f"{root}/chat/ws", headers={"Origin": root}) as socket:
                phone = cls(socket, chat, http, root)
                listening = asyncio.create_task(phone._listen())
                yield phone
            await listening

    async def _listen(self) -> None:
        async for frame in self._socket:
            line = frame.json()
            if line["t"] == "message":
                self._lines[line["seq"]] = line
            elif line["t"] == "reset":
                self._lines.clear()
            elif line["t"] == "busy":
                # The page does the same: whoever types faster than a person has to wait.
                await asyncio.sleep(line["retry"])
                await self._socket.send_json(self._last, dumps=as_page)

    def heard(self) -> list[Heard]:
        """Return all that reached the worker, in order."""
        ours = [line for _, line in sorted(self._lines.items()) if line["from"] != "me"]
        return [Heard(line["text"], tuple(b["label"] for b in line["buttons"])) for line in ours]

    async def start(self, code: str = "") -> None:
        """Open the chat, perhaps through a link."""
        await self._socket.send_json({"t": "hello", "chat": self._chat, "after": 0, "code": code})

    async def say(self, text: str) -> None:
        """Type and send."""
        await self._send({"t": "text", "id": str(uuid.uuid4()), "text": text})

    async def tap(self, label: str) -> None:
        """Tap the newest button with this label."""
        await self._send({"t": "tap", "id": str(uuid.uuid4()), "value": self._values(label)[-1]})

    async def tap_old(self, label: str) -> None:
        """Tap the oldest button with this label."""
        await self._send({"t": "tap", "id": str(uuid.uuid4()), "value": self._values(label)[0]})

    async def pictures(self) -> list[bytes]:
        """Fetch the pictures the lines show, each as a picture and as a document, as the page would."""
        shown = [line["picture"] for _, line in sorted(self._lines.items()) if line["picture"]]
        return [await self._fetch(path + form) for path in shown for form in (".png", ".pdf")]

    async def _fetch(self, path: str) -> bytes:
        async with self._http.get(f"{self._root}{path}") as answer:
            assert answer.status == 200
            return await answer.read()

    async def again(self) -> None:
        """Let the channel bring the last update once more."""
        await self._send(self._last)

    async def _send(self, frame: dict[str, Any]) -> None:
        self._last = frame
        await self._socket.send_json(frame, dumps=as_page)

    def _values(self, label: str) -> list[str]:
        lines = [line for _, line in sorted(self._lines.items())]
        return [b["value"] for line in lines for b in line["buttons"] if b["label"] == label]


def as_page(frame: dict[str, Any]) -> str:
    """Write a frame as a page does, in UTF-8."""
    return json.dumps(frame, ensure_ascii=False)


class TelegramPhone(Phone):
    """Telegram, through a Bot API that is as strict as the real one."""

    def __init__(self, api: FakeBotApi, chat: int = 7001) -> None:
        self._api = api
        self._chat = chat
        self._last: dict[str, Any] = {}
        self._seen: dict[str, list[tuple[dict[str, Any], str]]] = {}

    def heard(self) -> list[Heard]:
        """Return all that reached the worker, in order."""
        return [Heard(message["text"], self._labels(message)) for message in list(self._api.sent[self._chat])]

    def _labels(self, message: dict[str, Any]) -> tuple[str, ...]:
        markup = message.get("reply_markup", {})
        keys = [key for row in markup.get("inline_keyboard", markup.get("keyboard", [])) for key in row]
        for key in keys:
            found = self._seen.setdefault(key["text"], [])
            if "callback_data" in key and (message, key["callback_data"]) not in found:
                found.append((message, key["callback_data"]))
        return tuple(key["text"] for key in keys)

    async def start(self, code: str = "") -> None:
        """Open the chat, perhaps through a link."""
        await self.say(f"/start {code}".strip())

    async def say(self, text: str) -> None:
        """Type and send."""
        self._last = self._api.say(self._chat, text)

    async def tap(self, label: str) -> None:
        """Tap the newest button with this label."""
        self.heard()
        self._last = self._api.press_value(self._chat, *self._seen[label][-1])

    async def tap_old(self, label: str) -> None:
        """Tap the oldest button with this label."""
        self.heard()
        self._last = self._api.press_value(self._chat, *self._seen[label][0])

    async def send_voice(self) -> bool:
        """Send a voice message."""
        voice = {"file_id": "v1", "file_unique_id": "v", "duration": 3}
        self._last = self._api.write(self._chat, voice=voice)
        return True

    async def pictures(self) -> list[bytes]:
        """Return the photos and documents that came."""
        return [file for _, file in self._api.pictures[self._chat]]

    async def again(self) -> None:
        """Let the channel bring the last update once more."""
        self._api.bring_again(self._last)


class WhatsAppPhone(Phone):
    """WhatsApp, through a Graph API that is as strict as the real one."""

    def __init__(self, api: FakeGraphApi, person: str = "6281234567890") -> None:
        self._api = api
        self._person = person
        self._last: dict[str, Any] = {}

    def heard(self) -> list[Heard]:
        """Return all that reached the worker, in order; a reply sent in several messages counts once all are here."""
        told, heard = "", []
        for given in self._api.sent[self._person]:
            told += graph_api.words(given)
            *_, part, parts = given.get("biz_opaque_callback_data", "0/0/1/1").split("/")
            if part == parts:
                heard.append(Heard(told, tuple(key["title"] for key in graph_api.choices(given))))
                told = ""
        return heard

    async def start(self, code: str = "") -> None:
        """Open the chat, perhaps through a link."""
        await self.say(f"Kode {code}" if code else "halo")

    async def say(self, text: str) -> None:
        """Type and send."""
        self._last = self._api.say(self._person, text)

    async def tap(self, label: str) -> None:
        """Tap the newest button with this label."""
        self._last = self._api.choose(self._person, *self._keys(label)[-1])

    async def tap_old(self, label: str) -> None:
        """Tap the oldest button with this label."""
        self._last = self._api.choose(self._person, *self._keys(label)[0])

    async def send_voice(self) -> bool:
        """Send a voice message."""
        self._last = self._api.write(self._person, type="audio", audio={"id": "1", "voice": True})
        return True

    async def pictures(self) -> list[bytes]:
        """Return the images and documents that came."""
        return [file for _, file in self._api.pictures[self._person]]

    async def again(self) -> None:
        """Let the channel bring the last update once more."""
        self._api.bring(self._last)

    def _keys(self, label: str) -> list[tuple[dict[str, Any], str]]:
        sent = self._api.sent[self._person]
        return [(given, key["id"]) for given in sent for key in graph_api.choices(given) if key["title"] == label]
