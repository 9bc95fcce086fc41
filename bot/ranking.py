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
    """The answers of some languages, each made ready on first need in a thread of its own: a question never delays a
    chat. A question in another language is ranked in the first."""

    def __init__(self, *locales: str) -> None:
        self._locales = locales
        self._nearest: dict[str, Nearest] = {}
        self._waiting = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ranking")

    async def supply(self, needs: RankQuestion, facts: Facts) -> Facts:
        """Return the facts with the ranking that a turn asked for."""
        crowded = self._waiting >= MOST_WAITING
        self._waiting += 1
        try:
            work = asyncio.get_running_loop().run_in_executor(self._thread, self._rank, needs, crowded)
            ranked = await work
        finally:
            self._waiting -= 1
        return msgspec.structs.replace(facts, rankings={**facts.rankings, needs.question: ranked})

    def _rank(self, needs: RankQuestion, crowded: bool) -> tuple[Ranked, ...]:
        locale = needs.locale if needs.locale in self._locales else self._locales[0]
        if locale not in self._nearest:
            self._nearest[locale] = nearest(locale)
        found = self._nearest[locale]
        return found.by_words(needs.question) if crowded else found.rank(needs.question)

    def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=False, cancel_futures=True)
