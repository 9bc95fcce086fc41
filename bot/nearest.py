"""Which approved answers a question is nearest to: by its words, and by its meaning where the model is installed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from conversations.answers.entry import Entry
from conversations.answers.index import Index, Ranked

if TYPE_CHECKING:
    from bot.meaning import Meaning

WORDS, MEANING = 0.65, 0.2
"""How much the two count. Chosen so that `choose.SURE` means the same with and without the model."""


class Nearest:
    """Words and meaning together. Not for the event loop: with the model a question takes some 30 ms."""

    def __init__(self, entries: Sequence[Entry], meaning: Meaning | None) -> None:
        self._index = Index.of(entries)
        self._meaning = meaning

    @property
    def understands(self) -> bool:
        """Tell whether the model takes part."""
        return self._meaning is not None

    def rank(self, question: str, limit: int = 3) -> tuple[Ranked, ...]:
        """Return the nearest entries, best first."""
        scores = self._index.scores(question)
        # Without a single known piece of a word there is nothing the model could be sure of.
        if self._meaning is None or not scores:
            return self._index.best(scores, limit)
        return self._index.best(self._fused(question, scores, self._meaning), limit)

    def by_words(self, question: str) -> tuple[Ranked, ...]:
        """Return the nearest entries by words alone: under a millisecond, for when many wait."""
        return self._index.rank(question)

    def _fused(self, question: str, scores: dict[int, float], meaning: Meaning) -> dict[int, float]:
        shut = self._index.shut_out(question)
        return {
            number: WORDS * scores.get(number, 0.0) + MEANING * float(near)
            for number, near in enumerate(meaning.of(question))
            if self._index.entries[number][1] not in shut
        }
