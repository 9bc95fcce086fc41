"""Ranking the approved answers for a question, outside the turn and off the event loop (law 1)."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import msgspec

from bot.ask import load_entries
from conversations.answers.index import Index, Ranked
from conversations.turn import Facts, RankQuestion


class Ranking:
    """The index of one language, made on first need in a thread of its own, so that a question never delays a chat."""

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self._index: Index | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ranking")

    async def supply(self, needs: RankQuestion, facts: Facts) -> Facts:
        """Return the facts with the ranking that a turn asked for."""
        ranked = await asyncio.get_running_loop().run_in_executor(self._thread, self._rank, needs.question)
        return msgspec.structs.replace(facts, rankings={**facts.rankings, needs.question: ranked})

    def _rank(self, question: str) -> tuple[Ranked, ...]:
        if self._index is None:
            self._index = Index.of(load_entries(self._locale))
        return self._index.rank(question)

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=False, cancel_futures=True)
