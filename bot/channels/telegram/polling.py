"""Asking Telegram for updates: lossless and in order, without a public address.

Telegram keeps an update until a question comes with a higher number. So the number moves on only behind what is
committed. Chats are taken side by side, the updates of one chat one after the other.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from typing import Any

import structlog
from telegram import Bot

from bot.channels.telegram.intake import Intake
from bot.channels.telegram.updates import MalformedError, chat_of, update_number
from bot.channels.telegram.wire import fetch_updates
from bot.playing import where
from bot.turns import BusyError

MOST_TRIES = 5
"""How often an update that cannot even be recorded is tried before it is let go, so that it holds up nobody."""
BREATH = 0.5
"""Seconds before what was not taken is asked for again."""

log = structlog.get_logger(__name__)


class Poller:
    """Brings the updates of one bot in, one question to Telegram after the other."""

    def __init__(self, bot: Bot, intake: Intake) -> None:
        self._bot = bot
        self._intake = intake
        self._offset = 0
        self._tries: Counter[int] = Counter()

    async def round(self) -> None:
        """Ask once and take what comes.

        Raises:
            TelegramError: Telegram gave no updates.
        """
        asked_from = self._offset
        updates = await fetch_updates(self._bot, asked_from)
        # What was told once as taken is forgotten there. Asking again from that number could miss updates: after a
        # quiet week Telegram starts counting anew anywhere.
        self._offset = 0
        if updates:
            await self._take_all(updates)

    async def _take_all(self, updates: Iterable[dict[str, Any]]) -> None:
        by_chat: dict[object, list[tuple[int, dict[str, Any]]]] = {}
        for update in updates:
            try:
                by_chat.setdefault(chat_of(update), []).append((update_number(update), update))
            except MalformedError:
                log.warning("update_malformed")
        last = max((number for chat in by_chat.values() for number, _ in chat), default=-1)
        missed = await asyncio.gather(*(self._take_chat(chat) for chat in by_chat.values()))
        self._offset = min((number for number in missed if number is not None), default=last + 1)
        if self._offset <= last:
            await asyncio.sleep(BREATH)

    async def _take_chat(self, updates: Iterable[tuple[int, dict[str, Any]]]) -> int | None:
        """Take the updates of one chat in order; return the number of the first that was not taken."""
        for number, update in updates:
            if not await self._taken(number, update):
                return number
        return None

    async def _taken(self, number: int, update: dict[str, Any]) -> bool:
        try:
            await self._intake.take(update)
        except BusyError:
            return False
        except Exception as error:
            self._tries[number] += 1
            given_up = self._tries[number] >= MOST_TRIES
            log.error("update_not_taken", error=type(error).__name__, where=where(error), given_up=given_up)  # noqa: TRY400
            if not given_up:
                return False
        self._tries.pop(number, None)
        return True
