"""Sending a message with its picture: the picture first, then the words with their buttons, so that those stay last."""

from __future__ import annotations

from typing import Protocol

import structlog

from bot.outbox import DeliveryError, Sender
from bot.papers.drawing import Drawn
from bot.papers.papers import Papers
from conversations.messages import Incoming, Message, Paper
from storage.deliveries import Delivery

log = structlog.get_logger(__name__)


class Pictures(Protocol):
    """How one messenger shows pictures."""

    async def show(self, delivery: Delivery, drawn: Drawn, *, document: bool) -> None:
        """Send a picture to the row's address, as a document to keep too where that is asked.

        Raises:
            DeliveryError: whichever fits.
        """


class Illustrating:
    """Sends a messenger's rows, each with its picture where it has one."""

    def __init__(self, words: Sender, pictures: Pictures, papers: Papers) -> None:
        self._words = words
        self._pictures = pictures
        self._papers = papers
        self._shown: set[tuple[int, int]] = set()

    async def send(self, delivery: Delivery) -> Incoming | None:
        """Send one row; its words are tried again without a second picture."""
        row = (delivery.chat_id, delivery.line)
        paper = delivery.what.paper if isinstance(delivery.what, Message) else None
        if paper and row not in self._shown:
            self._shown.add(row)
            await self._show(delivery, paper)
        answer = await self._words.send(delivery)
        self._shown.discard(row)
        return answer

    async def _show(self, delivery: Delivery, paper: Paper) -> None:
        """Show the picture once; where that fails it is left out, for the words say the same and must not wait."""
        drawn = await self._papers.drawn(delivery.address, paper)
        if drawn is None:
            return
        try:
            await self._pictures.show(delivery, drawn, document=paper.kind == "card")
        except DeliveryError as error:
            log.warning("picture_left_out", channel=delivery.address.channel, error=type(error).__name__)
