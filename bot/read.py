"""The door `python -m bot read KIND`: lines through one reader, one JSON object a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec

from conversations.reading import READERS


def read_lines(kind: str, lines: Iterable[str], today: dt.date) -> Iterator[str]:
    """For every line `{"text":…,"value":…,"problem":…}`; raises KeyError for a kind that no reader has.

    Amounts are whole rupiah, dates ISO, phones E.164; `today` is the date in Asia/Jakarta.
    """
    reader = READERS[kind]
    for line in lines:
        text = line.rstrip("\r\n")
        reading = reader(text, today)
        yield msgspec.json.encode({"text": text, "value": reading.value, "problem": reading.problem}).decode()
