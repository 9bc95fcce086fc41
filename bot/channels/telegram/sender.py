"""Delivering replies to Telegram."""

from __future__ import annotations

from collections.abc import Callable

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ChatAction, MessageLimit

from bot.channels.chores import Chores
from bot.channels.pace import Limits, Pace
from bot.channels.parts import Progress, split
from bot.channels.telegram.keyboards import Sharing, keyboard
from bot.channels.telegram.wire import as_delivery
from conversations.messages import Message
from storage.deliveries import PROMPT, Delivery

LIMITS = Limits(overall=30, chat=1)
LONGEST = int(MessageLimit.MAX_TEXT_LENGTH)
_PLAIN = LinkPreviewOptions(is_disabled=True)


class TelegramSender:
    """Sends the rows of one bot; `share` labels the keys that share the worker's number or position, in a language."""

    def __init__(self, bot: Bot, pace: Pace, chores: Chores, share: Callable[[str], Sharing]) -> None:
        self._bot = bot
        self._pace = pace
        self._chores = chores
        self._share = share
        self._progress = Progress()

    async def send(self, delivery: Delivery) -> None:
        """Send one reply, in parts where it is longer than Telegram takes; see `outbox.Sender` for what is raised."""
        if not isinstance(delivery.what, Message):
            raise TypeError(type(delivery.what).__name__)
        parts = split(delivery.what.text, LONGEST)
        for part in self._progress.still_to_send(delivery, tuple(enumerate(parts, start=1))):
            await self._send_part(delivery, delivery.what, *part, len(parts))
            self._progress.sent_one(delivery, len(parts))

    async def tell_group(self, chat: str, text: str) -> None:
        """Say something in a group of staff, after those who wait for an answer; raises the same."""
        await self._pace.enter(chat, awaited=False)
        with as_delivery():
            await self._bot.send_message(int(chat), text, link_preview_options=_PLAIN)

    async def _send_part(self, delivery: Delivery, message: Message, number: int, text: str, parts: int) -> None:
        chat = delivery.address.address
        if not self._pace.is_free(chat):
            self._chores.do(self._show_typing(chat))
        await self._pace.enter(chat, awaited=delivery.lane in PROMPT)
        with as_delivery():
            await self._bot.send_message(
                int(chat),
                text,
                reply_markup=keyboard(message, self._share(message.locale)) if number == parts else None,
                link_preview_options=_PLAIN,
            )

    async def _show_typing(self, chat: str) -> None:
        await self._bot.send_chat_action(int(chat), ChatAction.TYPING)
