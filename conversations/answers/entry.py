"""One approved answer, as editors write it, and how it is turned into words."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Mapping

import msgspec

TOPICS = (
    "jkk",
    "jkm",
    "jht",
    "contribution",
    "payment",
    "eligibility",
    "registration",
    "claim",
    "card",
    "account",
    "agent",
    "complaint",
    "scam",
    "privacy",
)


class Entry(msgspec.Struct, frozen=True):
    """One approved answer.

    `label` is what a button says when we ask "maksud Kakak …?"; `questions` holds one phrasing a line. `answer` is
    always said, each line of `also` only while its placeholders have a value (a discount runs, we know the person).
    `facts` are names in `facts.FACTS`. `operator` marks what rules leave open: the text says that staff will answer.
    """

    id: str
    topic: str
    label: str
    questions: str
    answer: str
    facts: tuple[str, ...]
    also: tuple[str, ...] = ()
    operator: bool = False
    valid_until: dt.date | None = None

    @property
    def phrasings(self) -> tuple[str, ...]:
        """The ways people ask this."""
        return tuple(line.strip() for line in self.questions.splitlines() if line.strip())

    @property
    def text(self) -> str:
        """All that the entry may ever say, placeholders unfilled."""
        return "\n".join((self.answer.strip(), *self.also))


def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces.

    Raises:
        ValueError: braces that do not match.
    """
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def fill(entry: Entry, values: Mapping[str, str]) -> str:
    """Return the answer in words, with the values of `values.values_on`.

    Raises:
        KeyError: `answer` has a placeholder without a value; `check` finds that before a worker does.
    """
    extra = (line for line in entry.also if placeholders(line) <= values.keys())
    return "\n".join((entry.answer.strip(), *extra)).format_map(values)
