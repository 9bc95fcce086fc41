"""Telegram: updates come in by polling, or at a webhook where people can reach us; replies leave through the outbox.

`updates` reads an update, `intake` takes it, `polling` and `hook` bring it, `sender` delivers, `wire` speaks with the
Bot API. One process at a time polls and sends for a bot.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from functools import partial
from typing import NamedTuple

import structlog
from aiohttp import web
from telegram import Bot
from telegram.error import RetryAfter

from bot.channels.account import Account
from bot.channels.chores import Chores
from bot.channels.media import WithMedia
from bot.channels.pace import Pace
from bot.channels.telegram.hook import PATH, Hook
from bot.channels.telegram.intake import Intake, Take
from bot.channels.telegram.keyboards import sharing
from bot.channels.telegram.pictures import TelegramPictures
from bot.channels.telegram.polling import Poller
from bot.channels.telegram.profile import show_profile
from bot.channels.telegram.sender import LIMITS, TelegramSender
from bot.channels.telegram.updates import CHANNEL, WANTED
from bot.channels.telegram.wire import fetch_file, make_bot, seconds
from bot.channels.web import Languages
from bot.playing import where
from bot.turns import Clock
from storage.database import Database
from storage.sealing import KeyRing

SLOWEST = 60.0
"""Seconds between two tries at most while Telegram is away."""
PARALLEL = 40
"""Webhook requests that Telegram may have open at a time."""

log = structlog.get_logger(__name__)


class Access(NamedTuple):
    """A bot's `token`, where its API is ("" for the official one), and where Telegram brings updates: `hook` is our
    address for it, "" to poll; `secret` is what Telegram shows there."""

    token: str
    api_url: str
    hook: str
    secret: str

    @property
    def account(self) -> str:
        """The bot's number, which is no secret."""
        return self.token.partition(":")[0]

    def __repr__(self) -> str:
        """Show no secret."""
        return f"Access({self.account})"


class Telegram:
    """One bot. `open` it first, run it while turns are taken, `close` it after the last delivery."""

    def __init__(self, access: Access, database: Database, keys: KeyRing, clock: Clock, languages: Languages) -> None:
        self._access = access
        self._languages = languages
        self._bot: Bot = make_bot(access.token, access.api_url)
        self._lease = Account(database, f"{CHANNEL} {access.account}")
        self._chores = Chores()
        self._name = ""
        pace = Pace(LIMITS)
        self._words = TelegramSender(self._bot, pace, self._chores, lambda locale: sharing(languages.say(locale)))
        self.fetch = partial(fetch_file, self._bot)
        self.sender = WithMedia(self._words, self.fetch, database, keys, clock)
        self.pictures = TelegramPictures(self._bot, pace)

    @property
    def channels(self) -> frozenset[str]:
        """The channels this process sends on right now."""
        return frozenset({CHANNEL}) if self._lease.held else frozenset()

    async def way_in(self, code: str) -> str:
        """Return the link that starts a chat with the code of one that moves.

        Raises:
            TelegramError: Telegram does not tell the bot's name.
        """
        if not self._name:
            self._name = (await self._bot.get_me()).username or ""
        return f"https://t.me/{self._name}?start={code}" if self._name else ""

    def lead_to(self, take: Take) -> None:
        """Say which door updates go through."""
        say = self._languages.say("")
        self._intake = Intake(
            self._bot, self._access.account, take, self._chores, lambda link: say("telegram.group", link=link)
        )

    def add_routes(self, app: web.Application) -> None:
        """Add the webhook, if there is one."""
        if self._access.hook:
            app.router.add_post(PATH, Hook(self._intake, self._access.secret).receive)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Bring updates in while the block lasts."""
        async with self._lease.running():
            task = asyncio.create_task(self._for_ever())
            try:
                yield
            finally:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def tell_group(self, chat: str, text: str) -> None:
        """Say something in a group of staff; see `outbox.Sender` for what is raised."""
        await self._words.tell_group(chat, text)

    async def close(self) -> None:
        """End what is still being done, and the connections."""
        await self._chores.stop()
        await self._bot.request.shutdown()

    async def _for_ever(self) -> None:
        failures = 0
        while True:
            await self._lease.wait(held=True)
            try:
                await self._introduce()
                failures = 0
                await self._bring()
            except Exception as error:
                failures += 1
                log.warning("telegram_away", error=type(error).__name__, where=where(error), failures=failures)
                await asyncio.sleep(_pause(error, failures))

    async def _introduce(self) -> None:
        """Say who we are and where updates go."""
        await self._bot.get_me()
        if self._access.hook:
            await self._bot.set_webhook(
                self._access.hook, secret_token=self._access.secret, allowed_updates=WANTED, max_connections=PARALLEL
            )
        else:
            await self._bot.delete_webhook()
        await show_profile(self._bot, self._languages)
        log.info("telegram_ready", bot=self._access.account, by="webhook" if self._access.hook else "polling")

    async def _bring(self) -> None:
        if self._access.hook:
            await self._lease.wait(held=False)
            return
        poller = Poller(self._bot, self._intake)
        while self._lease.held:
            await poller.round()


def _pause(error: Exception, failures: int) -> float:
    if isinstance(error, RetryAfter):
        return seconds(error.retry_after)
    longest = min(SLOWEST, 2.0 ** (failures - 1))
    return random.uniform(longest / 2, longest)  # noqa: S311 - only spreads the load.
