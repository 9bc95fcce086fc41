"""Showing pictures in Telegram."""

from __future__ import annotations

import asyncio

from telegram import Bot

from bot.channels.pace import Pace
from bot.channels.telegram.wire import as_delivery
from bot.papers import Drawn
from storage.deliveries import PROMPT, Delivery

NAME = "bukti-status.pdf"


class TelegramPictures:
    """Sends pictures of one bot, at the pace of its other messages."""

    def __init__(self, bot: Bot, pace: Pace) -> None:
        self._bot = bot
        self._pace = pace

    async def show(self, delivery: Delivery, drawn: Drawn, *, document: bool) -> None:
        """Send a photo, then the document; neither may be forwarded, since both are about one person."""
        chat = delivery.address.address
        await self._pace.enter(chat, awaited=delivery.lane in PROMPT)
        with as_delivery():
            await self._bot.send_photo(int(chat), drawn.png, protect_content=True)
        if document:
            pdf = await asyncio.to_thread(drawn.pdf)
            await self._pace.enter(chat, awaited=delivery.lane in PROMPT)
            with as_delivery():
                await self._bot.send_document(int(chat), pdf, filename=NAME)
