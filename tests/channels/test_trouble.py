"""A messenger with long troubles: everything arrives afterwards, in order, and copies only where nobody could know."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple

import pytest

from bot.channels.chores import Chores
from bot.channels.pace import Pace
from bot.channels.telegram.keyboards import Sharing
from bot.channels.telegram.sender import LIMITS as TELEGRAM_LIMITS
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.wire import make_bot
from bot.channels.whatsapp.sender import LIMITS as WHATSAPP_LIMITS
from bot.channels.whatsapp.sender import WhatsAppSender
from bot.channels.whatsapp.wire import Wire
from bot.outbox import Outbox, Sender
from bot.turns import Turns
from conversations.turn import Facts, Lacking
from storage.database import Database
from storage.sealing import KeyRing
from tests import toy
from tests.fakes import bot_api, graph_api, graph_templates
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.graph_api import FakeGraphApi
from tests.test_outbox import Clock, nothing_sending, states

CHATS = [str(7000 + n) for n in range(8)]
PATIENCE = 60.0


class Messenger(NamedTuple):
    """A messenger in trouble: its server, what sends to it, what it holds, and how it refuses."""

    channel: str
    api: FakeBotApi | FakeGraphApi
    sender: Sender
    texts: Callable[[str], list[str]]
    busy: bot_api.RefusalError | graph_templates.RefusalError
    broken: bot_api.RefusalError | graph_templates.RefusalError


@contextlib.asynccontextmanager
async def telegram() -> AsyncIterator[Messenger]:
    """Telegram, whose 429 says how long to wait."""
    async with FakeBotApi().running() as api:
        for chat in CHATS:
            api.message(int(chat))
        bot, chores = make_bot(bot_api.TOKEN, api.url), Chores()
        sender = TelegramSender(bot, Pace(TELEGRAM_LIMITS), chores, lambda _: Sharing("HP", "Lokasi"))
        busy = bot_api.RefusalError(429, "Too Many Requests: retry after 60", retry_after=60)
        broken = bot_api.RefusalError(500, "Internal Server Error")
        yield Messenger("telegram", api, sender, lambda chat: [m["text"] for m in api.sent[int(chat)]], busy, broken)
        await chores.stop()
        await bot.request.shutdown()


@contextlib.asynccontextmanager
async def whatsapp() -> AsyncIterator[Messenger]:
    """WhatsApp, whose 429 says nothing more."""
    async with FakeGraphApi().running() as api:
        api.last_said.update(dict.fromkeys(CHATS, api.clock()))
        wire = Wire(graph_api.TOKEN, graph_api.NUMBER, api.url)
        sender = WhatsAppSender(wire, Pace(WHATSAPP_LIMITS), lambda: toy.NOW, lambda _: "Pilih")
        busy, broken = graph_templates.RefusalError(429, 130429), graph_templates.RefusalError(500, 131000)
        yield Messenger("whatsapp", api, sender, lambda chat: list(map(graph_api.words, api.sent[chat])), busy, broken)
        await wire.close()


async def _no_fetch(_needs: Lacking, facts: Facts) -> Facts:
    return facts


class Trouble:
    """Many chats that talk while their messenger is in trouble."""

    def __init__(self, database: Database, keys: KeyRing, messenger: Messenger) -> None:
        self._database, self._keys = database, keys
        self._numbers: Iterator[int] = itertools.count()
        self.messenger = messenger
        self.clock = Clock()

    @contextlib.asynccontextmanager
    async def process(self, holder: str) -> AsyncIterator[None]:
        """Run a process; it is stopped at the end, whatever it was about to send."""
        senders = {self.messenger.channel: self.messenger.sender}
        outbox = Outbox(self._database, self._keys, senders, holder=holder, clock=self.clock, look_every=0.02)
        self._turns = Turns(self._database, self._keys, toy.CORE, outbox, clock=self.clock, fetch=_no_fetch)
        await outbox.start(self._turns.take)
        await self._turns.start()
        yield
        await self._turns.stop()
        await outbox.stop()

    async def all_say(self, text: str) -> None:
        """Let somebody write in every chat."""
        said = (toy.said(next(self._numbers), text, chat=c, channel=self.messenger.channel) for c in CHATS)
        await asyncio.gather(*map(self._turns.take, said))

    async def time_goes_by(self, seconds: int, step: int = 10) -> None:
        """Move the clock, never while something is being sent: nobody shall take our own rows for left behind."""
        for _ in range(0, seconds, step):
            await self.nothing_sending()
            self.clock.forward(step)
            await asyncio.sleep(0.06)

    async def nothing_sending(self) -> None:
        """Wait until no row is being sent."""
        await nothing_sending(self._database)

    async def all_is_settled(self) -> None:
        """Let time go by until nothing is left to be sent."""
        async with asyncio.timeout(PATIENCE):
            while {"new", "sending"} & set(await states(self._database)):
                await self.time_goes_by(40, 40)

    def arrived(self) -> int:
        """Count the messages that reached anybody."""
        return sum(len(self.messenger.texts(chat)) for chat in CHATS)


@pytest.mark.parametrize("opened", [telegram, whatsapp])
async def test_everything_arrives_after_a_long_trouble(
    database: Database, keys: KeyRing, opened: Callable[[], AbstractAsyncContextManager[Messenger]]
) -> None:
    """After a minute of 429, then 500s, then no answer at all, and a new process in between, every chat has its replies
    in order; only those came twice whose answer was lost on the way."""
    async with opened() as messenger:
        trouble, api = Trouble(database, keys, messenger), messenger.api
        async with trouble.process("first"):
            api.trouble = messenger.busy
            await trouble.all_say("429")
            await trouble.nothing_sending()
            refused = sum(api.refused.values())
            await trouble.time_goes_by(50)
            assert sum(api.refused.values()) == refused == len(CHATS)
            await trouble.all_say("500")
            api.trouble = messenger.broken
            await trouble.time_goes_by(40)
            assert sum(api.refused.values()) > refused
            api.trouble = "cut"
            await trouble.all_say("nothing")
            await trouble.time_goes_by(40)
        assert trouble.arrived() == 0
        async with trouble.process("second"):
            await trouble.time_goes_by(40)
            api.failures.extend(["lost"] * 3)
            api.trouble = None
            await trouble.all_is_settled()
        for chat in CHATS:
            assert list(Counter(messenger.texts(chat))) == ["1 429", "2 500", "3 nothing"]
        assert trouble.arrived() == 3 * len(CHATS) + 3
        assert set(await states(database)) == {"done"}
