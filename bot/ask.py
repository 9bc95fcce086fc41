"""The door `ask`, and the reading of the approved answers from their files."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bot.nearest import Nearest
from conversations.answers.choose import Sure, decide
from conversations.answers.entry import TOPICS, Entry, fill
from conversations.answers.values import values_on

if TYPE_CHECKING:
    from bot.meaning import Meaning

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


def load_talk(locale: str = "id") -> tuple[str, ...]:
    """Read what people also type, though it is no question for us: one line each."""
    return tuple((LOCALES / locale / "answers" / "talk.txt").read_text(encoding="utf-8").split("\n")[:-1])


def vectors_file(locale: str = "id") -> Path:
    """Where the vectors of a locale's phrasings are kept."""
    return LOCALES / locale / "answers" / "vectors.npz"


def nearest(locale: str = "id") -> Nearest:
    """Make the answers of a locale ready to be found: half a second, and some 60 MB with the model."""
    entries = load_entries(locale)
    return Nearest(entries, _meaning(entries, locale))


def _meaning(entries: tuple[Entry, ...], locale: str) -> Meaning | None:
    """Load the model; None on a platform it is not made for, or where the extra `model` isn't installed."""
    try:
        from bot.meaning import Kept, Meaning, Model

        return Meaning(entries, load_talk(locale), Kept.read(vectors_file(locale)), Model().embed)
    except (ImportError, OSError):
        return None


def ask_lines(lines: Iterable[str], today: dt.date, locale: str = "id") -> Iterator[str]:
    """Answer each line as a question: one line of JSON each; without a sure answer topic and answer are null."""
    entries = {entry.id: entry for entry in load_entries(locale)}
    found = nearest(locale)
    values = values_on(today)
    for line in lines:
        text = line.rstrip("\r\n")
        ranking = found.rank(text)
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
