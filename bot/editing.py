"""For those who write the answers: what is wrong with them, which are taken for each other, and learning new phrasings.

An answer past its valid-until, without source or badly worded is a fault. That two answers are taken for each other is
found by asking every phrasing while it is left out itself, as a new question would be.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from bot.ask import load_entries, load_talk, vectors_file
from bot.nearest import Nearest
from conversations.answers.check import check
from conversations.answers.choose import Sure, decide
from conversations.answers.entry import Entry

ROUNDS = 10
"""A tenth of the phrasings of every answer is left out at a time."""

LEARN = "python -m bot answers learn"


class Asked(NamedTuple):
    """A phrasing that was asked while left out: the entry it belongs to, and the entry given ("" where none was)."""

    phrasing: str
    right: Entry
    given: str


def report(locale: str, today: dt.date) -> tuple[list[str], list[str]]:
    """Return the faults of a locale's answers on a day, and the table of answers that are taken for each other, which
    waits until every phrasing is learned."""
    entries = load_entries(locale)
    new = _not_learned(entries, locale)
    table = [] if new else list(_table(entries, tuple(ask_all(entries, locale))))
    return check(entries, today) + new, table


def learn(locale: str) -> int:
    """Have the model read every phrasing and line of talk anew: about a minute; return how many there are.

    Raises:
        ImportError: the extra `model` isn't installed.
    """
    from bot.meaning import Kept, Model

    texts = [phrasing for entry in load_entries(locale) for phrasing in entry.phrasings] + list(load_talk(locale))
    Kept.learned(texts, Model().embed).write(vectors_file(locale))
    return len(texts)


def ask_all(entries: Sequence[Entry], locale: str) -> Iterator[Asked]:
    """Ask every phrasing while it is left out.

    Raises:
        KeyError: a phrasing that the installed model has not learned.
    """
    for left_out in range(ROUNDS):
        found = _without(entries, left_out, locale)
        for entry in entries:
            for phrasing in entry.phrasings[left_out::ROUNDS]:
                decision = decide(found.rank(phrasing))
                yield Asked(phrasing, entry, decision.id if isinstance(decision, Sure) else "")


def _without(entries: Sequence[Entry], left_out: int, locale: str) -> Nearest:
    """Make the answers ready without each tenth phrasing from one on; vectors come from the file, not the model."""
    fewer = [replace(entry, questions="\n".join(_kept(entry.phrasings, left_out))) for entry in entries]
    try:
        from bot.meaning import Kept, Meaning
    except ImportError:
        return Nearest(fewer, None)
    kept = Kept.read(vectors_file(locale))
    return Nearest(fewer, Meaning(fewer, load_talk(locale), kept, kept.of))


def _kept(phrasings: tuple[str, ...], left_out: int) -> Iterator[str]:
    return (phrasing for place, phrasing in enumerate(phrasings) if place % ROUNDS != left_out)


def _not_learned(entries: Sequence[Entry], locale: str) -> list[str]:
    """Name the answers with phrasings that the model has not read yet."""
    try:
        from bot.meaning import Kept
    except ImportError:
        return []
    kept = Kept.read(vectors_file(locale))
    new = [(entry, sum(phrasing not in kept for phrasing in entry.phrasings)) for entry in entries]
    return [f"{e.topic}.toml: {e.id}: {count} phrasings are new to the model; {LEARN}" for e, count in new if count]


def _table(entries: Sequence[Entry], asked: Sequence[Asked]) -> Iterator[str]:
    """One line a pair of answers on different topics that are taken for each other, then one line that sums up."""
    topic = {entry.id: entry.topic for entry in entries}
    wrong = [(a.right.id, a.given) for a in asked if a.given and topic[a.given] != a.right.topic]
    for (meant, given), count in Counter(wrong).most_common():
        yield f"{count:3}  {meant} is answered with {given}"
    sure = sum(bool(a.given) for a in asked)
    right, unsure = sure - len(wrong), len(asked) - sure
    yield f"{len(asked)} asked: {right} on their topic, {len(wrong)} on another, {unsure} not sure"
