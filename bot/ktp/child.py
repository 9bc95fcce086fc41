"""The process that reads pictures: asked on stdin, answers on stdout, one picture at a time, until stdin ends.

A question is a line of JSON (`Asked`) and then the bytes of the picture, an answer a line of JSON (`Told`). Whatever a
malformed picture does to a decoder, it does it here, where there are no keys, no database and no chats.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from collections.abc import Callable, Iterator

import msgspec
from PIL import Image

from bot.ktp.picture import clearer, measured, opened
from bot.ktp.text import TextFinder
from bot.ktp.wire import Asked, Told
from conversations.reading.ktp import number_box, read_ktp
from conversations.reading.ktp_card import Card, Seen

ENOUGH = 3.5
"""Seconds of the processor after which no further way of looking is begun."""
YIELDING = 5
"""How far this process stands back behind the chats at least, as `nice` counts."""


def _as_it_is(picture: Image.Image) -> Image.Image:
    return picture


def _upside_down(picture: Image.Image) -> Image.Image:
    return picture.transpose(Image.Transpose.ROTATE_180)


def _on_its_side(picture: Image.Image) -> Image.Image:
    return picture.transpose(Image.Transpose.ROTATE_90)


def _on_its_other_side(picture: Image.Image) -> Image.Image:
    return picture.transpose(Image.Transpose.ROTATE_270)


WAYS: tuple[Callable[[Image.Image], Image.Image], ...] = (
    _as_it_is,
    clearer,
    _on_its_side,
    _on_its_other_side,
    _upside_down,
)
"""How a picture is looked at until a NIK is found. The first two find lines of any direction; the others are for those
whose letters were then read upside down."""


def read(finder: TextFinder, content: bytes, today: dt.date) -> Seen:
    """Read a picture, looking at it in one way after the other until there is a NIK or time is up."""
    picture = opened(content)
    look, began = measured(picture), time.process_time()
    first: Seen | None = None
    for way in WAYS:
        turned = way(picture)
        boxes = finder.boxes(turned)
        number = number_box(boxes, today)
        seen = read_ktp(boxes, finder.line(turned, number) if number else "", look, today)
        first = first or seen
        if seen.card.nik or time.process_time() - began > ENOUGH:
            return seen if seen.card.nik else first
    return first or Seen(Card())


def _pictures() -> Iterator[tuple[Asked, bytes]]:
    while line := sys.stdin.buffer.readline():
        asked = msgspec.json.decode(line, type=Asked)
        yield asked, sys.stdin.buffer.read(asked.size)


def main() -> None:
    """Answer until nobody asks any more."""
    os.nice(max(0, YIELDING - os.nice(0)))
    finder = TextFinder()
    for asked, content in _pictures():
        try:
            told = Told(*read(finder, content, asked.today))
        except Exception as error:  # The name alone: a message may hold what stood on the card.
            told = Told(fault=type(error).__name__)
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
