"""What an approved answer must keep to before a worker may read it (law 9)."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from conversations.answers.entry import TOPICS, Entry, placeholders
from conversations.answers.facts import FACTS
from conversations.answers.values import FACTS_OF, MONTH_NAMES, values_on
from conversations.programmes.fact import Fact

LONGEST_LABEL = 24
"""Characters on a button, by the tightest channel that lists choices."""

FEWEST_PHRASINGS = 3

_HEDGES = re.compile(r"menurut|perkiraan|antara lain|belum pasti|memastikan", re.IGNORECASE)
_TYPED = re.compile(
    r"rp\s?\d|%|\bpersen\b|\d{1,3}(?:\.\d{3})+|\d{5,}"
    r"|\d+\s?(?:ribu|rb|juta|jt|miliar|tahun|bulan|hari|jam|kali|anak)\b"
    rf"|(?:{'|'.join(MONTH_NAMES)})\s+\d{{4}}",
    re.IGNORECASE,
)


def check(entries: Iterable[Entry], today: dt.date) -> list[str]:
    """Return what is wrong with the answers on a day, one line a fault, each naming file, entry and fault."""
    entries = tuple(entries)
    faults = [
        f"{entry.topic}.toml: {entry.id}: {fault}"
        for entry in entries
        for rule in RULES
        for fault in rule(entry, today)
    ]
    ids = Counter(entry.id for entry in entries)
    return faults + [f"{entry}: {count} entries have this id" for entry, count in ids.items() if count > 1]


def _form(entry: Entry, _: dt.date) -> Iterator[str]:
    if entry.topic not in TOPICS:
        yield f"unknown topic {entry.topic!r}"
    if not 1 <= len(entry.label) <= LONGEST_LABEL:
        yield f"a label has 1 to {LONGEST_LABEL} characters, not {len(entry.label)}"
    if len(entry.phrasings) < FEWEST_PHRASINGS:
        yield f"has fewer than {FEWEST_PHRASINGS} phrasings"


def _placeholders(entry: Entry, today: dt.date) -> Iterator[str]:
    for name in sorted(placeholders(entry.text) - FACTS_OF.keys()):
        yield f"unknown placeholder {{{name}}}"
    for name in sorted(placeholders(entry.answer) & FACTS_OF.keys() - values_on(today).keys()):
        yield f"{{{name}}} has no value on {today}; move its sentence to `also`"


def _nothing_typed(entry: Entry, _: dt.date) -> Iterator[str]:
    for found in _TYPED.finditer(entry.text):
        yield f"{found[0]!r} is typed; rules change, so use a placeholder"


def _sources(entry: Entry, _: dt.date) -> Iterator[str]:
    if not entry.facts:
        yield "names no fact, so it has no source"
    for name in entry.facts:
        if name not in FACTS:
            yield f"unknown fact {name!r}"


def _hedged(entry: Entry, _: dt.date) -> Iterator[str]:
    """Each part is said on its own: `answer` always, a line of `also` sometimes, so each carries its own hedge."""
    if any(not FACTS[name].plain for name in entry.facts if name in FACTS) and not _HEDGES.search(entry.text):
        yield "tells plainly what rests on a single source; say «menurut …» or «perkiraan»"
    for part in (entry.answer, *entry.also):
        weak = [fact.source for fact in _computed_from(part) if not fact.plain]
        if weak and not _HEDGES.search(part):
            yield f"tells an amount plainly that rests on {weak[0]}; say «menurut …» or «perkiraan»"


def _in_time(entry: Entry, today: dt.date) -> Iterator[str]:
    if entry.valid_until is not None and entry.valid_until < today:
        yield f"was valid until {entry.valid_until}"


def _open_questions(entry: Entry, _: dt.date) -> Iterator[str]:
    if entry.operator and "petugas" not in entry.answer.lower():
        yield "is left to an operator, but does not say that staff will answer"


def _computed_from(part: str) -> tuple[Fact[Any], ...]:
    """The facts behind the placeholders of a part."""
    return tuple(fact for name in placeholders(part) for fact in FACTS_OF.get(name, ()))


Rule = Callable[[Entry, dt.date], Iterator[str]]

RULES: tuple[Rule, ...] = (_form, _placeholders, _nothing_typed, _sources, _hedged, _in_time, _open_questions)
