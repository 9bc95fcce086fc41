"""Ranking the approved answers for a question, outside the turn and off the event loop (law 1)."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import msgspec

from bot.ask import nearest
from bot.nearest import Nearest
from conversations.answers.index import Ranked
from conversations.turn import Facts, RankQuestion

MOST_WAITING = 16
"""So many questions at once are read by the model; more are ranked by their words alone, so that nobody waits long."""


class Ranking:
    """The answers of one language, made ready on first need in a thread of its own: a question never delays a chat."""

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self._nearest: Nearest | None = None
        self._waiting = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ranking")

    async def supply(self, needs: RankQuestion, facts: Facts) -> Facts:
        """Return the facts with the ranking that a turn asked for."""
        crowded = self._waiting >= MOST_WAITING
        self._waiting += 1
        try:
            work = asyncio.get_running_loop().run_in_executor(self._thread, self._rank, needs.question, crowded)
            ranked = await work
        finally:
            self._waiting -= 1
        return msgspec.structs.replace(facts, rankings={**facts.rankings, needs.question: ranked})

    def _rank(self, question: str, crowded: bool) -> tuple[Ranked, ...]:
        if self._nearest is None:
            self._nearest = nearest(self._locale)
        return self._nearest.by_words(question) if crowded else self._nearest.rank(question)

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=False, cancel_futures=True)
