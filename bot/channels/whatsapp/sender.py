"""Delivering replies to WhatsApp."""

from __future__ import annotations

from bot.channels.pace import Limits, Pace
from bot.channels.parts import Progress
from bot.channels.whatsapp.shapes import shapes
from bot.channels.whatsapp.wire import Wire
from conversations.messages import Message
from storage.deliveries import PROMPT, Delivery

LIMITS = Limits(overall=80, chat=1 / 6, chat_burst=20)


class WhatsAppSender:
    """Sends the rows of one number; `choose` is the label of the key that opens a list."""

    def __init__(self, wire: Wire, pace: Pace, choose: str) -> None:
        self._wire = wire
        self._pace = pace
        self._choose = choose
        self._progress = Progress()

    async def send(self, delivery: Delivery) -> None:
        """Send one reply in as many messages as it takes; see `outbox.Sender` for what is raised."""
        if not isinstance(delivery.what, Message):
            raise TypeError(type(delivery.what).__name__)
        parts = tuple(enumerate(shapes(delivery.what, self._choose), start=1))
        for number, shape in self._progress.still_to_send(delivery, parts):
            await self._pace.enter(delivery.address.address, awaited=delivery.lane in PROMPT)
            mark = f"{delivery.chat_id}/{delivery.line}/{number}/{len(parts)}"
            await self._wire.send(delivery.address.address, shape, mark)
            self._progress.sent_one(delivery, len(parts))


def row_of(mark: str) -> tuple[int, int] | None:
    """Return the chat and line of the row that a mark was made for, None for one that we never made."""
    pieces = mark.split("/")
    if len(pieces) != 4 or not all(piece.isascii() and piece.isdecimal() and len(piece) < 18 for piece in pieces):
        return None
    return int(pieces[0]), int(pieces[1])
