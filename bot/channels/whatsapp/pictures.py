"""Showing pictures in WhatsApp: uploaded first, then sent by the name they get."""

from __future__ import annotations

import asyncio

from bot.channels.pace import Pace
from bot.channels.whatsapp.wire import Wire
from bot.papers import Drawn
from storage.deliveries import PROMPT, Delivery

NAME = "bukti-status.pdf"


class WhatsAppPictures:
    """Sends pictures of one number, at the pace of its other messages."""

    def __init__(self, wire: Wire, pace: Pace) -> None:
        self._wire = wire
        self._pace = pace

    async def show(self, delivery: Delivery, drawn: Drawn, *, document: bool) -> None:
        """Send an image, then the document."""
        image = await self._wire.upload(drawn.png, "image/png")
        await self._send(delivery, {"type": "image", "image": {"id": image}})
        if document:
            pdf = await self._wire.upload(await asyncio.to_thread(drawn.pdf), "application/pdf")
            await self._send(delivery, {"type": "document", "document": {"id": pdf, "filename": NAME}})

    async def _send(self, delivery: Delivery, shape: dict[str, object]) -> None:
        await self._pace.enter(delivery.address.address, awaited=delivery.lane in PROMPT)
        await self._wire.send(delivery.address.address, shape)
