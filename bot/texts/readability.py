"""How hard a text is to read: how long its sentences are, and how common its words.

Grades of school and counts of syllables are made for English; a long sentence and a rare word are hard everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

LONG = 15
"""Words of a sentence from which on it is long (TONE.md)."""

_PLACE = re.compile(r"\{\w+\}")
_END = re.compile(r"[.!?:;]+(?=\s|$)|\n")
_WORD = re.compile(r"[^\W_][\w'’-]*")
_PLAIN = re.compile(r"[^\W\d_]{3,}")


class Reading(NamedTuple):
    """What some texts ask of a reader: words a sentence, the longest sentence and the share of long ones (of 1), and
    the share of rare words."""

    mean: float
    longest: int
    long: float
    rare: float


def sentences(text: str) -> list[list[str]]:
    """Divide a text into sentences of words; a value filled in counts as one word."""
    found = (_WORD.findall(part) for part in _END.split(_PLACE.sub("X", text)))
    return [words for words in found if words]


def plain_words(text: str) -> list[str]:
    """Give the words of a text that a list of words may hold: no values, no digits, no names or short forms."""
    words = _PLAIN.findall(_PLACE.sub(" ", text))
    return [word for word in words if word.islower()]


def reading(texts: Iterable[str], is_rare: Callable[[str], bool]) -> Reading:
    """Measure texts together; `is_rare` tells of a word whether few people meet it."""
    kept = list(texts)
    lengths = [len(words) for text in kept for words in sentences(text)]
    words = [word for text in kept for word in plain_words(text)]
    return Reading(
        sum(lengths) / len(lengths),
        max(lengths),
        sum(length > LONG for length in lengths) / len(lengths),
        sum(map(is_rare, words)) / len(words),
    )
