"""The quick facts that a turn may ask for, fetched outside of its transaction (law 1)."""

from __future__ import annotations

import msgspec

from bot.ranking import Ranking
from conversations.turn import CountAhead, Facts, Needed, RankQuestion
from storage.cases import ahead_of
from storage.database import Database


class Fetching:
    """Fetches what a turn needs: the answers ranked for a question, or how many wait for staff."""

    def __init__(self, ranking: Ranking, database: Database) -> None:
        self._ranking = ranking
        self._database = database

    async def supply(self, needed: Needed, facts: Facts) -> Facts:
        """Return the facts with what was needed."""
        match needed:
            case RankQuestion():
                return await self._ranking.supply(needed, facts)
            case CountAhead(priority):
                async with self._database.read() as connection:
                    return msgspec.structs.replace(facts, ahead=await ahead_of(connection, priority))
