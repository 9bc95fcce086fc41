"""What is wrong with the words of a language, each by file and line; and how much of it is there.

An entry that is missing, stale or marked "fuzzy" is a fault: Indonesian is said meanwhile. Only a language that
somebody is still at (`catalogue.BEGUN`) may have gaps, and their share is told. A wrong placeholder, an entry nobody
says and a label that is too long are faults everywhere.
"""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot.ask import LOCALES, digest_of, load_entries, load_told
from bot.texts import catalogue
from bot.texts.catalogue import SOURCE, Text

ROOT = LOCALES.parent
SAYS = ("Say", "farewell")
"""What says something in code: the key comes first."""


class Fault(NamedTuple):
    """Where something is wrong, and what."""

    file: Path
    line: int
    key: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT).as_posix()}:{self.line}: {self.key}: {self.wrong}"


class Share(NamedTuple):
    """How many texts a language should have, and how many it has that may be said."""

    wanted: int
    there: int

    @property
    def percent(self) -> int:
        """How much is there; 100 only where nothing is missing."""
        return self.there * 100 // self.wanted if self.wanted else 100


def undone(locale: str) -> Iterator[Fault]:
    """Give what a language lacks: missing entries, stale and doubtful ones, in the catalogue and in the answers."""
    own, file = catalogue.read(locale), catalogue.file_of(locale)
    for source in catalogue.wanted(locale):
        text = own.get(source.key)
        if wrong := _undone(source, text):
            yield Fault(file, text.line if text else 0, source.key, wrong)
    told = load_told(locale)
    for entry in load_entries():
        words = told.get(entry.id)
        if words is None or words.source != digest_of(entry):
            file = LOCALES / locale / "answers" / f"{entry.topic}.toml"
            yield Fault(file, _line_of(file, entry.id), entry.id, "is stale" if words else "is missing")


def _undone(source: Text, text: Text | None) -> str:
    if text is None or not any(text.forms):
        return "is missing"
    if text.fuzzy:
        return "is marked fuzzy"
    return "" if text.made_from(source.forms[0]) else "is stale: the Indonesian words are others by now"


def wrong(locale: str) -> Iterator[Fault]:
    """Give what may be wrong in no language, draft or not: placeholders that nothing fills, entries nobody says."""
    source, file = catalogue.read(SOURCE), catalogue.file_of(locale)
    for key, text in catalogue.read(locale).items():
        if key not in source:
            yield Fault(file, text.line, key, "is said nowhere any more")
        elif text.is_fresh(source[key]) and (odd := _odd_places(source[key], text)):
            yield Fault(file, text.line, key, f"has other placeholders than the Indonesian: {', '.join(sorted(odd))}")
    answers = {entry.id: entry for entry in load_entries()}
    for name, told in load_told(locale).items():
        file = LOCALES / locale / "answers" / f"{name.partition('-')[0]}.toml"
        if name not in answers:
            yield Fault(file, _line_of(file, name), name, "is no answer of ours")
        elif places("\n".join((told.answer, *told.also))) != places(answers[name].text):
            yield Fault(file, _line_of(file, name), name, "has other placeholders than the Indonesian")


def _odd_places(source: Text, text: Text) -> set[str]:
    """The placeholders that only one of the two has; every plural form is held to it."""
    asked = places(source.forms[0])
    return set().union(*(asked ^ places(form) for form in text.forms))


def places(words: str) -> set[str]:
    """Give the names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


def unsaid_in_code() -> Iterator[Fault]:
    """Give what the code says though the Indonesian catalogue has no such entry, by the line that says it."""
    known = catalogue.read(SOURCE)
    for file in (*(ROOT / "bot").rglob("*.py"), *(ROOT / "conversations").rglob("*.py")):
        for line, key in _said_in(ast.parse(file.read_text(encoding="utf-8"))):
            if key not in known:
                yield Fault(file, line, key, "is in no catalogue")


def _said_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Give the keys that are named in full where something is said, each with its line; of `a if … else b` both."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in SAYS and call.args:
            for said in _either(call.args[0]):
                if isinstance(said, ast.Constant) and isinstance(said.value, str):
                    yield said.lineno, said.value


def _either(said: ast.expr) -> Iterator[ast.expr]:
    if isinstance(said, ast.IfExp):
        yield from _either(said.body)
        yield from _either(said.orelse)
    else:
        yield said


def share(locale: str) -> Share:
    """Tell how much of a language is there, sentences and answers together."""
    all_of_it = sum(1 for _ in catalogue.wanted(locale)) + len(load_entries())
    return Share(all_of_it, all_of_it - sum(1 for _ in undone(locale)))


def faults(locale: str) -> list[Fault]:
    """Give all that must not be: every gap too, unless somebody is still at the language."""
    gaps = () if locale in catalogue.BEGUN else undone(locale)
    return [*wrong(locale), *gaps]


def _line_of(file: Path, name: str) -> int:
    """Find the line of an answer's id; 0 where there is none."""
    if not file.exists():
        return 0
    lines = file.read_text(encoding="utf-8").splitlines()
    return next((n for n, line in enumerate(lines, start=1) if line == f'id = "{name}"'), 0)
