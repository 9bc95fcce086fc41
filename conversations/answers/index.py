"""Which approved answers a question is nearest to, by its words and by its letters.

Every phrasing of an entry is a sparse vector of words, pairs of words and runs of letters, each weighted by how rare it
is; and so is every entry as a whole. A question is compared with all of them in one pass over its own features.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from heapq import nlargest

import msgspec

from conversations.answers.entry import TOPICS, Entry
from conversations.answers.wording import features, tokens

WORDS, LETTERS = 0.6, 0.4
"""How much the two ways of comparing count; together 1."""

NEAREST, ENTRY, TOPIC = 0.5, 0.3, 0.2
"""How much the nearest phrasing, the entry as a whole and its topic as a whole count; together 1."""

STRANGE = 0.8
"""What a feature that no phrasing has weighs, as a share of the rarest: such words make us less sure."""

COMMON = 0.08
"""Runs of letters in a larger share of all phrasings tell little and are left out, which keeps a question quick."""

PROGRAMMES = frozenset({"jkk", "jkm", "jht"})

Counts = tuple[Counter[str], Counter[str]]
Vector = dict[str, float]


class Ranked(msgspec.Struct, frozen=True):
    """One candidate answer to a question: entry id, topic and score (0–1)."""

    id: str
    topic: str
    score: float


class Rarity(msgspec.Struct, frozen=True):
    """How rare each feature is; `unknown` stands for those that no phrasing has."""

    of: Mapping[str, float]
    unknown: float

    @classmethod
    def among(cls, documents: Iterable[Counter[str]], common: float = 1.0) -> Rarity:
        """Count in how many documents each feature is; one in a larger share of them than `common` weighs nothing."""
        documents = tuple(documents)
        found_in = Counter(name for document in documents for name in document)
        rarity = {
            name: math.log((1 + len(documents)) / (1 + count)) + 1 if count <= common * len(documents) else 0.0
            for name, count in found_in.items()
        }
        return cls(rarity, STRANGE * max(rarity.values(), default=1.0))

    def vector(self, counts: Counter[str], share: float) -> Vector:
        """Return the counts as a vector; two of them that are alike multiply to `share`."""
        rarities = ((name, count, self.of.get(name, self.unknown)) for name, count in counts.items())
        raw = {name: (1 + math.log(count)) * rarity for name, count, rarity in rarities if rarity}
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        scale = math.sqrt(share) / length
        return {name: weight * scale for name, weight in raw.items()}


class Index(msgspec.Struct, frozen=True):
    """All entries, ready to be compared.

    `entries` are ids and topics. The rows that a question is compared with are, in this order, every entry as a whole,
    every topic as a whole (`topic_rows`), and every phrasing (`phrasing_of` leads to the number of its entry).
    `postings` lead from a feature to rows and weights.
    """

    entries: tuple[tuple[str, str], ...]
    topic_rows: Mapping[str, int]
    phrasing_of: Mapping[int, int]
    rarities: tuple[Rarity, Rarity]
    postings: Mapping[str, list[tuple[int, float]]]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Index:
        """Build the index: a few tenths of a second, once."""
        entries = tuple(entries)
        counted = [[features(phrasing) for phrasing in entry.phrasings] for entry in entries]
        wholes = [_whole(ways) for ways in counted]
        topics = {
            topic: _whole([w for e, w in zip(entries, wholes, strict=True) if e.topic == topic]) for topic in TOPICS
        }
        rows = [*wholes, *topics.values()]
        topic_rows = {topic: len(wholes) + place for place, topic in enumerate(topics)}
        phrasing_of = {}
        for number, ways in enumerate(counted):
            phrasing_of.update(dict.fromkeys(range(len(rows), len(rows) + len(ways)), number))
            rows.extend(ways)
        rarities = _rarities(way for ways in counted for way in ways)
        names = tuple((entry.id, entry.topic) for entry in entries)
        return cls(names, topic_rows, phrasing_of, rarities, _postings(rows, rarities))

    def rank(self, question: str, limit: int = 3) -> tuple[Ranked, ...]:
        """Return the nearest entries, best first; none where nothing in the question is known."""
        return self.best(self.scores(question), limit)

    def scores(self, question: str) -> dict[int, float]:
        """Score the entries by their number; those that share nothing with the question are missing.

        Where the question names one programme, the answers about the other two are left out.
        """
        counts = features(question)
        shut = self.shut_out(question)
        scores = self._scores(_vector(counts, self.rarities)).items()
        return {number: score for number, score in scores if self.entries[number][1] not in shut}

    def shut_out(self, question: str) -> frozenset[str]:
        """Return the topics that a question which names one programme can't be about."""
        named = PROGRAMMES & frozenset(tokens(question))
        return PROGRAMMES - named if len(named) == 1 else frozenset()

    def best(self, scores: Mapping[int, float], limit: int = 3) -> tuple[Ranked, ...]:
        """Return the entries with the highest scores, best first."""
        best = nlargest(limit, scores.items(), key=lambda item: (item[1], -item[0]))
        return tuple(Ranked(*self.entries[number], min(max(score, 0.0), 1.0)) for number, score in best)

    def _scores(self, vector: Vector) -> dict[int, float]:
        """Score the entries that share a feature with the question."""
        rows: defaultdict[int, float] = defaultdict(float)
        for name, weight in vector.items():
            for row, other in self.postings.get(name, ()):
                rows[row] += weight * other
        nearest: dict[int, float] = {}
        for row, score in rows.items():
            number = self.phrasing_of.get(row)
            if number is not None:
                nearest[number] = max(score, nearest.get(number, 0.0))
        return {number: NEAREST * score + self._of_wholes(rows, number) for number, score in nearest.items()}

    def _of_wholes(self, rows: Mapping[int, float], number: int) -> float:
        """The part of an entry's score that comes from it and its topic as wholes."""
        return ENTRY * rows[number] + TOPIC * rows[self.topic_rows[self.entries[number][1]]]


def _rarities(ways: Iterable[Counts]) -> tuple[Rarity, Rarity]:
    """How rare words and letters are among the phrasings."""
    ways = tuple(ways)
    return Rarity.among(words for words, _ in ways), Rarity.among((letters for _, letters in ways), COMMON)


def _whole(ways: list[Counts]) -> Counts:
    """All phrasings of an entry taken together."""
    words: Counter[str] = Counter()
    letters: Counter[str] = Counter()
    for some_words, some_letters in ways:
        words.update(some_words)
        letters.update(some_letters)
    return words, letters


def _vector(counts: Counts, rarities: tuple[Rarity, Rarity]) -> Vector:
    """Words and letters in one vector."""
    words, letters = counts
    return rarities[0].vector(words, WORDS) | rarities[1].vector(letters, LETTERS)


def _postings(rows: Iterable[Counts], rarities: tuple[Rarity, Rarity]) -> dict[str, list[tuple[int, float]]]:
    """Turn the rows around: from a feature to the rows that have it."""
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for row, counts in enumerate(rows):
        for name, weight in _vector(counts, rarities).items():
            postings[name].append((row, weight))
    return dict(postings)
