"""Delivering replies to WhatsApp: in free words while the person's window is open, in approved templates after it.

Where a template says all there is to say, it goes instead of the reply. Else it calls: the worker is told once that
there is something to read, and the reply is held until they speak (`storage/deliveries.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import structlog

from bot.channels.pace import Limits, Pace
from bot.channels.parts import Progress
from bot.channels.whatsapp.shapes import Shape, shapes
from bot.channels.whatsapp.templates import Template, load_templates
from bot.channels.whatsapp.wire import TemplateRefusedError, WindowClosedError, Wire
from bot.outbox import HeldError
from bot.turns import Clock
from conversations.letters import NEWS
from conversations.messages import Message
from storage.deliveries import PROMPT, Delivery

LIMITS = Limits(overall=80, chat=1 / 6, chat_burst=20)

log = structlog.get_logger(__name__)


class WhatsAppSender:
    """Sends the rows of one number; `choose` labels the key that opens a list, in a language."""

    def __init__(self, wire: Wire, pace: Pace, clock: Clock, choose: Callable[[str], str]) -> None:
        self._wire = wire
        self._pace = pace
        self._clock = clock
        self._choose = choose
        self._progress = Progress()

    async def send(self, delivery: Delivery) -> None:
        """Send one reply in as many messages as it takes, or what may be said instead; see `outbox.Sender` for what is
        raised."""
        message = delivery.what
        if not isinstance(message, Message):
            raise TypeError(type(message).__name__)
        if not delivery.window.is_open(self._clock()):
            await self._outside(delivery, message)
            return
        try:
            await self._in_words(delivery, message)
        except WindowClosedError:
            # Their clock says otherwise. What is left of the reply waits like any other.
            await self._outside(delivery, message)

    async def _in_words(self, delivery: Delivery, message: Message) -> None:
        parts = tuple(enumerate(shapes(message, self._choose(message.locale)), start=1))
        for number, shape in self._progress.still_to_send(delivery, parts):
            await self._out(delivery, shape, Mark(delivery.chat_id, delivery.line, number, len(parts)))
            self._progress.sent_one(delivery, len(parts))

    async def _outside(self, delivery: Delivery, message: Message) -> None:
        template = load_templates()[message.template or NEWS]
        if template.whole:
            await self._template(delivery, template, message, part=1)
            return
        if not delivery.called:
            await self._template(delivery, template, message, part=0)
        raise HeldError

    async def _template(self, delivery: Delivery, template: Template, message: Message, part: int) -> None:
        try:
            mark = Mark(delivery.chat_id, delivery.line, part, 1)
            await self._out(delivery, template.shape(dict(message.values)), mark)
        except TemplateRefusedError:
            log.error("template_refused", template=template.called, see="python -m bot templates list")  # noqa: TRY400
            raise

    async def _out(self, delivery: Delivery, shape: Shape, mark: Mark) -> None:
        await self._pace.enter(delivery.address.address, awaited=delivery.lane in PROMPT)
        await self._wire.send(delivery.address.address, shape, str(mark))


class Mark(NamedTuple):
    """Names the row that a message was made for: its chat and line, and which part of how many; part 0 only calls."""

    chat_id: int
    line: int
    part: int
    parts: int

    def __str__(self) -> str:
        """Write it as it goes to WhatsApp and comes back."""
        return "/".join(map(repr, self))

    @property
    def is_last(self) -> bool:
        """Whether the whole reply came as far as this part of it."""
        return self.part == self.parts


def read_mark(mark: str) -> Mark | None:
    """Read a mark that came back; None for one that we never made."""
    pieces = mark.split("/")
    if len(pieces) != 4 or not all(piece.isascii() and piece.isdecimal() and len(piece) < 18 for piece in pieces):
        return None
    return Mark(*map(int, pieces))
