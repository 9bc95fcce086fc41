"""Workers on WhatsApp who enrol, and remember what they sent and got."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from typing import Any, NamedTuple

import aiohttp

from tests.e2e.form import FIRST_BUTTON, Move, whole, worker
from tests.fakes import graph_api
from tests.fakes.graph_api import FakeGraphApi, posting, signed

PATIENCE = 240.0
"""Seconds that an answer may take while processes die and start again."""
AGAIN = 0.2
"""Seconds until what was not acknowledged is brought again; the real one waits longer."""
RECEIPT = "(KPJ)"

Raw = dict[str, Any]


class Sent(NamedTuple):
    """One message that arrived at the messenger: of which row, and which part of it."""

    line: int
    part: int
    parts: int
    given: Raw


class Messenger(FakeGraphApi):
    """A Graph API that wakes whoever waits for a message."""

    def __init__(self) -> None:
        super().__init__()
        self.news: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def _carried_out(self, given: Raw, made: str) -> bool:
        lost = await super()._carried_out(given, made)
        if "to" in given:
            self.news[given["to"]].set()
        return lost

    def arrived(self, person: str) -> list[Sent]:
        """Return what arrived for somebody, copies too, in the order of arrival; only what has a row."""
        found = []
        for given in self.sent[person]:
            mark = given.get("biz_opaque_callback_data", "").split("/")
            if len(mark) == 4:
                line, part, parts = map(int, mark[1:])
                found.append(Sent(line, part, parts, given))
        return found

    def copies(self, person: str) -> Counter[tuple[int, int]]:
        """Count how often each part of each row arrived."""
        return Counter((sent.line, sent.part) for sent in self.arrived(person))


class Phone:
    """One worker's phone: `said` are the ids of the messages that were acknowledged, in order."""

    def __init__(self, messenger: Messenger, http: aiohttp.ClientSession, hook: str, number: int) -> None:
        self.person = f"62812{number:08d}"
        self.said: list[str] = []
        self._number = number
        self._messenger = messenger
        self._http = http
        self._hook = hook
        self._seen = 0

    async def enrol(self) -> None:
        """Go from hello to the receipt."""
        await self._say("text", text={"body": "halo"})
        for move in whole(worker(self._number)):
            await self._do(move)
        await self._reply(lambda sent: RECEIPT in graph_api.words(sent.given))

    async def hello(self) -> None:
        """Say hello and wait for the answer."""
        await self._say("text", text={"body": "halo"})
        await self._reply(lambda _: True)

    async def _do(self, move: Move) -> None:
        if not move.option:
            await self._reply(lambda _: True)
            await self._say("text", text={"body": move.text})
            return
        sent = await self._reply(lambda sent: _chosen(sent, move.option) is not None)
        kind = sent.given["interactive"]["type"]
        reply = {"type": f"{kind}_reply", f"{kind}_reply": {"id": _chosen(sent, move.option), "title": "…"}}
        await self._say("interactive", interactive=reply)

    async def _say(self, kind: str, **content: Any) -> None:
        """Bring a message until it is acknowledged."""
        message = self._messenger.message(self.person, type=kind, **content)
        body = json.dumps(posting(self.person, message)).encode()
        async with asyncio.timeout(PATIENCE):
            while not await self._taken(body):
                await asyncio.sleep(AGAIN)
        self.said.append(message["id"])

    async def _taken(self, body: bytes) -> bool:
        try:
            async with self._http.post(self._hook, data=body, headers=signed(body)) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def _reply(self, fits: Any) -> Sent:
        """Wait for a whole reply, behind those seen before, that fits."""
        async with asyncio.timeout(PATIENCE):
            while True:
                news = self._messenger.news[self.person]
                news.clear()
                for sent in self._messenger.arrived(self.person):
                    if sent.line > self._seen and sent.part == sent.parts and fits(sent):
                        self._seen = sent.line
                        return sent
                await news.wait()


def _chosen(sent: Sent, option: str) -> str | None:
    """What the button of an option carries, None where there is none."""
    values = [str(key["id"]) for key in graph_api.choices(sent.given)]
    return next((v for v in values if option == FIRST_BUTTON or v == option or v.endswith(f":{option}")), None)
