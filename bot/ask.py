"""The door `ask`, and the reading of the approved answers from their files."""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from bot.nearest import Nearest
from conversations.answers.choose import Sure, decide
from conversations.answers.entry import TOPICS, Entry, fill
from conversations.answers.values import values_on

if TYPE_CHECKING:
    from bot.meaning import Meaning

LOCALES = Path(__file__).resolve().parent.parent / "locales"
SOURCE = "id"
"""The language that answers are written in first."""


@cache
def load_entries(locale: str = "id") -> tuple[Entry, ...]:
    """Read the approved answers of a locale, in the order of TOPICS and of each file. Facts, dates and phrasings stand
    once, in Indonesian; other languages have words for what is said, and phrasings of their own beside.

    Raises:
        FileNotFoundError: there is no such language.
        msgspec.ValidationError: an entry lacks a field, or has one too many; the message names it.
    """
    if locale != SOURCE:
        told = load_told(locale)
        return tuple(_in_words(entry, told.get(entry.id)) for entry in load_entries())
    folder = LOCALES / SOURCE / "answers"
    return tuple(entry for topic in TOPICS for entry in _read(folder / f"{topic}.toml", topic))


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of an approved answer in another language. `source` is the digest of the Indonesian words it was made
    from (`digest_of`); `questions` are phrasings in that language, one a line."""

    id: str
    label: str
    answer: str
    source: str
    also: tuple[str, ...] = ()
    questions: str = ""


@cache
def load_told(locale: str) -> Mapping[str, Told]:
    """Read what a language has of the approved answers, by entry id; a topic without a file has none.

    Raises:
        FileNotFoundError: there is no such language.
        msgspec.ValidationError: an entry lacks a field, or has one too many.
    """
    if not (LOCALES / locale).is_dir():
        raise FileNotFoundError(LOCALES / locale)
    files = (LOCALES / locale / "answers" / f"{topic}.toml" for topic in TOPICS)
    rows = [row for file in files if file.exists() for row in tomllib.loads(file.read_text(encoding="utf-8"))["entry"]]
    return {told.id: told for told in msgspec.convert(rows, list[Told])}


def digest_of(entry: Entry) -> str:
    """Name the words of an answer: when they change, what was made from them is stale."""
    return hashlib.sha256(f"{entry.label}\n{entry.text}".encode()).hexdigest()[:12]


def _in_words(entry: Entry, told: Told | None) -> Entry:
    """Put an answer into another language; in Indonesian where there are no words, or none as new as ours."""
    if told is None or told.source != digest_of(entry):
        return entry
    questions = f"{told.questions}\n{entry.questions}"
    return replace(entry, label=told.label, answer=told.answer, also=told.also, questions=questions)


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
    """Load the model; None on a platform it is not made for, where the extra `model` isn't installed, or for a language
    whose phrasings it has not read."""
    if locale != SOURCE:
        return None
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
