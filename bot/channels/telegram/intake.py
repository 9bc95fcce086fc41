"""Taking updates in: through the one door, and afterwards what Telegram and the worker like to see at once."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram import Bot

from bot.channels.chores import Chores
from bot.channels.nik import holds_nik
from bot.channels.telegram.keyboards import links_only
from bot.channels.telegram.updates import Arrival, InGroup, read_update
from bot.turns import Taken
from conversations.messages import Incoming, Text

POINTED_FOR = 86_400.0
"""Seconds until a group is told again where to go."""
MOST_GROUPS = 1000

log = structlog.get_logger(__name__)

Take = Callable[[Incoming], Awaitable[Taken]]
Pointer = Callable[[str], str]
"""What is said in a group, given the link to the private chat."""


class Intake:
    """Takes the updates of one bot, however they arrive."""

    def __init__(self, bot: Bot, account: str, take: Take, chores: Chores, pointer: Pointer) -> None:
        self._bot = bot
        self._account = account
        self._take = take
        self._chores = chores
        self._pointer = pointer
        self._pointed: dict[int, float] = {}

    async def take(self, update: dict[str, Any]) -> None:
        """Take one update; returns after the commit, or at once where nobody is concerned.

        Raises:
            MalformedError: this is no update.
            BusyError, Exception: it was not taken; Telegram should bring it again.
        """
        match read_update(update, self._account):
            case Arrival() as arrival:
                taken = await self._take(arrival.incoming)
                self._afterwards(arrival, taken)
            case InGroup(chat):
                self._point(chat)

    def _afterwards(self, arrival: Arrival, taken: Taken) -> None:
        if arrival.callback:
            self._chores.do(self._answer(arrival), self._take_keys_away(arrival))
        elif isinstance(arrival.incoming.what, Text) and holds_nik(arrival.incoming.what.text, taken.session):
            self._chores.do(self._bot.delete_message(arrival.chat, arrival.message))

    async def _answer(self, arrival: Arrival) -> None:
        await self._bot.answer_callback_query(arrival.callback)

    async def _take_keys_away(self, arrival: Arrival) -> None:
        await self._bot.edit_message_reply_markup(arrival.chat, arrival.message, reply_markup=links_only(arrival.links))

    def _point(self, chat: int) -> None:
        now = time.monotonic()
        if len(self._pointed) > MOST_GROUPS:
            self._pointed.clear()
        if now - self._pointed.get(chat, -POINTED_FOR) < POINTED_FOR:
            return
        self._pointed[chat] = now
        log.info("telegram_group", group=chat, setting="JAMIN_STAFF_TELEGRAM_CHAT, should it be that of the staff")
        self._chores.do(self._say_where(chat))

    async def _say_where(self, chat: int) -> None:
        me = await self._bot.get_me()
        await self._bot.send_message(chat, self._pointer(f"https://t.me/{me.username}"))
