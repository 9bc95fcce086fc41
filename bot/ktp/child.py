"""The process that reads pictures: asked on stdin, answers on stdout, one picture at a time, until stdin ends.

A question is a line of JSON (`Asked`) and then the bytes of the picture, an answer a line of JSON (`Told`). Whatever a
malformed picture does to a decoder, it does it here, where there are no keys, no database and no chats.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from collections.abc import Iterator
from functools import cache, partial

import msgspec
from PIL import Image

from bot.ktp.picture import clearer, measured, opened
from bot.ktp.text import TextFinder
from bot.ktp.wire import Asked, Told
from conversations.reading.ktp import number_box, read_ktp
from conversations.reading.ktp_card import Card, Seen
from conversations.reading.ktp_layout import Box, labelled, lie, upright

ENOUGH = 3.2
"""Seconds of the processor after which no further way of looking is begun."""
YIELDING = 5
"""How far this process stands back behind the chats at least, as `nice` counts."""


def read(finder: TextFinder, content: bytes, today: dt.date) -> Seen:
    """Read a picture, looking at it in one way after the other until there is a NIK or time is up."""
    began, picture = time.process_time(), opened(content)
    look, first = cache(partial(measured, picture)), None
    for view, boxes in _views(finder, picture):
        number = number_box(boxes, today)
        seen = read_ktp(boxes, finder.line(view, number) if number else "", look, today)
        if seen.card.nik:
            return seen
        first = first or seen
        if time.process_time() - began > ENOUGH:
            break
    return first or Seen(Card())


def _views(finder: TextFinder, picture: Image.Image) -> Iterator[tuple[Image.Image, tuple[Box, ...]]]:
    """The picture as it is and clearer, both with lines of any direction; then, where not one label could be made out,
    the other way up, since the letters may have been read upside down."""
    yield picture, finder.boxes(picture)
    clear = clearer(picture)
    boxes = finder.boxes(clear)
    yield clear, boxes
    if boxes and not labelled(upright(boxes)):
        # Of lines that stand the finder takes the left side for their top.
        turn = Image.Transpose.ROTATE_180 if lie(boxes) else Image.Transpose.ROTATE_270
        yield clear.transpose(turn), finder.boxes(clear.transpose(turn))


def _pictures() -> Iterator[tuple[Asked, bytes]]:
    while line := sys.stdin.buffer.readline():
        asked = msgspec.json.decode(line, type=Asked)
        yield asked, sys.stdin.buffer.read(asked.size)


def main() -> None:
    """Answer until nobody asks any more."""
    os.nice(max(0, YIELDING - os.nice(0)))
    finder = TextFinder()
    finder.warm()
    for asked, content in _pictures():
        try:
            told = Told(*read(finder, content, asked.today))
        except Exception as error:  # The name alone: a message may hold what stood on the card.
            told = Told(fault=type(error).__name__)
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
