"""Readers: what a worker typed becomes a value or a named problem, never an exception."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType

from conversations.reading.date import read_date
from conversations.reading.money import read_money
from conversations.reading.name import read_name
from conversations.reading.nik import read_nik
from conversations.reading.occupation import read_occupation
from conversations.reading.phone import read_phone
from conversations.reading.place import read_place
from conversations.reading.question import is_question
from conversations.reading.reading import Reading
from conversations.reading.word import read_word
from conversations.reading.yes_no import read_yes_no

Reader = Callable[[str, dt.date], Reading]
"""A reader takes a text and today's date in Asia/Jakarta."""

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "money": read_money,
        "date": read_date,
        "yes_no": read_yes_no,
        "nik": read_nik,
        "phone": read_phone,
        "name": read_name,
        "occupation": read_occupation,
        "place": read_place,
        "word": read_word,
    }
)
"""The readers by the kind of answer they read."""

__all__ = ["READERS", "Reader", "Reading", "is_question"]
