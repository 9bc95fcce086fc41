"""What the program and its reader of pictures say to each other: a line of JSON each, and the picture's bytes."""

from __future__ import annotations

import datetime as dt

import msgspec

from conversations.reading.ktp_card import Card


class Asked(msgspec.Struct, frozen=True):
    """A picture of `size` bytes follows; `today` is the day in Jakarta."""

    size: int
    today: dt.date


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was read; `fault` names an error where nothing could be."""

    card: Card = Card()
    advice: str = ""
    fault: str = ""
