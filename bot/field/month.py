"""An agent's month as a picture: six bars, drawn when it is sent, with counts and nobody's name."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from PIL import Image, ImageDraw

from bot.channels.web import Languages, Say
from bot.papers.drawing import BLACK, FAINT, GAP, LEADING, MARGIN, WHITE, WIDTH, Drawn, coloured, letters
from conversations.months import Month
from conversations.session import Session
from conversations.turn import Came
from storage.agents import agent_with
from storage.database import Database
from storage.field import came, codes_of
from storage.sealing import KeyRing

TITLE, TEXT, SMALL, TALL = 44, 30, 24, 56
"""Sizes of letters, and how tall a bar is, in pixels."""
LABELS = 250


class Chart(NamedTuple):
    """What is drawn: a title, a count under each label, small print, and a stamp across it, "" for none."""

    title: str
    counts: tuple[tuple[str, int], ...]
    small: str
    stamp: str


class MonthPicture(NamedTuple):
    """Draws the month of whoever's chat it is, where they are an agent."""

    database: Database
    keys: KeyRing
    languages: Languages
    clock: Callable[[], dt.datetime]
    demo: bool

    async def drawn(self, session: Session) -> Drawn | None:
        """Draw the month that runs; None for who is no active agent."""
        month = Month.of(self.clock())
        async with self.database.read() as connection:
            agent = await agent_with(connection, self.keys, session.agency.code if session.agency else "")
            if agent is None:
                return None
            counted = await came(connection, await codes_of(connection, agent.id), month)
        return await asyncio.to_thread(draw, self._chart(self.languages.say(session.locale), counted, month))

    def _chart(self, say: Say, counted: Came, month: Month) -> Chart:
        counts = tuple((say(f"field.{name}"), getattr(counted, name)) for name in Came.__struct_fields__)
        stamp = say("paper.stamp") if self.demo else ""
        return Chart(say("month.title", month=month), counts, say("month.small"), stamp)


def draw(chart: Chart) -> Drawn:
    """Draw a bar for each count, the longest as wide as there is room."""
    height = int(2 * MARGIN + TITLE * LEADING + len(chart.counts) * (TALL + GAP) + 2 * GAP + SMALL * LEADING)
    image = Image.new("L", (WIDTH, height), WHITE)
    pen = ImageDraw.Draw(image)
    pen.text((MARGIN, MARGIN), chart.title, fill=BLACK, font=letters(TITLE))
    top, most = MARGIN + TITLE * LEADING + GAP, max(1, *(count for _, count in chart.counts))
    for label, count in chart.counts:
        _bar(pen, top, label, count, count / most)
        top += TALL + GAP
    pen.text((MARGIN, top + GAP), chart.small, fill=FAINT, font=letters(SMALL))
    return Drawn(coloured(image, chart.stamp))


def _bar(pen: ImageDraw.ImageDraw, top: float, label: str, count: int, share: float) -> None:
    font, left = letters(TEXT), MARGIN + LABELS
    room = WIDTH - MARGIN - left - 90
    pen.text((MARGIN, top + TALL / 2), label, fill=BLACK, font=font, anchor="lm")
    pen.rectangle((left, top, left + max(4, room * share), top + TALL), fill=FAINT)
    pen.text((left + room * share + GAP, top + TALL / 2), str(count), fill=BLACK, font=font, anchor="lm")
