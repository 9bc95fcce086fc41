"""The door `ask`, and the reading of the approved answers from their files."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from conversations.answers.choose import Sure, decide
from conversations.answers.entry import TOPICS, Entry, fill
from conversations.answers.index import Index
from conversations.answers.values import values_on

LOCALES = Path(__file__).resolve().parent.parent / "locales"


@cache
def load_entries(locale: str = "id") -> tuple[Entry, ...]:
    """Read the approved answers of a locale, in the order of TOPICS and of each file.

    Raises:
        FileNotFoundError: the locale has no answers, or none for a topic.
        msgspec.ValidationError: an entry lacks a field, or has one too many; the message names it.
    """
    folder = LOCALES / locale / "answers"
    return tuple(entry for topic in TOPICS for entry in _read(folder / f"{topic}.toml", topic))


def _read(file: Path, topic: str) -> Iterator[Entry]:
    """Read one topic's file; the topic is the file's name."""
    rows: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["entry"]
    for row in rows:
        yield msgspec.convert({"topic": topic, **row}, Entry)


def ask_lines(lines: Iterable[str], today: dt.date, locale: str = "id") -> Iterator[str]:
    """Answer each line as a question: one line of JSON each; without a sure answer topic and answer are null."""
    entries = {entry.id: entry for entry in load_entries(locale)}
    index = Index.of(entries.values())
    values = values_on(today)
    for line in lines:
        text = line.rstrip("\r\n")
        ranking = index.rank(text)
        chosen = decide(ranking)
        entry = entries[chosen.id] if isinstance(chosen, Sure) else None
        yield msgspec.json.encode(
            {
                "text": text,
                "topic": entry.topic if entry else None,
                "score": round(ranking[0].score, 4) if ranking else 0.0,
                "answer": fill(entry, values) if entry else None,
            }
        ).decode()
