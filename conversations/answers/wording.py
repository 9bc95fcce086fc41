"""From a question as typed to the tokens that are compared: slang levelled, affixes taken off, letters counted."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import pairwise

from conversations.answers.slang import FILLERS, PHRASES, SAME_AS

LONGEST = 400
"""Characters of a question that are looked at."""

SHORTEST_STEM = 4

_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3})")
_NUMBER_AND_UNIT = re.compile(r"(?<=\d)(?=[a-z])")
_LETTER_AGAIN = re.compile(r"([a-z])\1{2,}")
_DOUBLED = re.compile(r"\b(\w{3,})\s+\1\b")
_PREFIX = re.compile(r"^(?:memper|diper|menge|meny|meng|mem|men|me|peng|peny|pem|pen|per|ber|ter|nge|ng|di|ke)")
_SUFFIX = re.compile(r"(?:nya|kan|lah|kah|ku|mu|an|in|i|e|na)$")


def tokens(question: str) -> list[str]:
    """Return the words that carry what is asked, in their order, each as the word it is taken for."""
    return [word for word in map(_level, _plain(question).split()) if word]


def features(question: str) -> tuple[Counter[str], Counter[str]]:
    """Return what is counted: words with pairs of neighbours, and the runs of 3 and 4 letters within words."""
    words = tokens(question)
    pairs = (f"{left} {right}" for left, right in pairwise(words))
    runs: Counter[str] = Counter()
    for word in words:
        runs.update(_runs(word))
    return Counter([*words, *pairs]), runs


def _plain(question: str) -> str:
    """Letters and digits only, in lower case, amounts in one piece, set phrases in one word."""
    text = unicodedata.normalize("NFKD", question[:LONGEST]).encode("ascii", "ignore").decode().lower()
    text = _NUMBER_AND_UNIT.sub(" ", _THOUSANDS.sub("", text))
    text = _LETTER_AGAIN.sub(r"\1", _NOT_A_WORD.sub(" ", text))
    text = " " + _DOUBLED.sub(r"\1", text) + " "
    for phrase, word in PHRASES:
        text = text.replace(f" {phrase} ", f" {word} ")
    return text


@lru_cache(maxsize=20_000)
def _level(word: str) -> str:
    """Return the word a form is taken for, its affixes off; a filler becomes nothing."""
    word = SAME_AS.get(word, word)
    if word in FILLERS:
        return ""
    for stem in (_without_suffix(word), _without_suffix(_without_prefix(word))):
        if stem in SAME_AS:
            return _stem(SAME_AS[stem])
    return _stem(word)


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return _without_suffix(_without_prefix(word))


def _without_prefix(word: str) -> str:
    rest = _PREFIX.sub("", word)
    return rest if len(rest) >= SHORTEST_STEM else word


def _without_suffix(word: str) -> str:
    rest = _SUFFIX.sub("", word)
    return rest if len(rest) >= SHORTEST_STEM else word


@lru_cache(maxsize=20_000)
def _runs(word: str) -> tuple[str, ...]:
    """The runs of 3 and 4 letters of one word, its edges marked; the sign in front keeps them apart from words."""
    marked = f"<{word}>"
    return tuple("~" + marked[at : at + size] for size in (3, 4) for at in range(len(marked) - size + 1))
