"""Quick facts that a turn may need, fetched outside its transaction (law 1)."""

from __future__ import annotations

from msgspec.structs import replace

from bot.moving import Doors
from bot.ranking import Ranking
from bot.sponsoring import Sponsors
from bot.turns import Clock
from conversations.months import Month
from conversations.turn import CountAhead, CountCame, DrawCode, Facts, FindReferral, FindSponsor, Lacking, RankQuestion
from storage.agents import agent_with, referral
from storage.cases import ahead_of
from storage.database import Database
from storage.field import came, codes_of
from storage.passed_on import find
from storage.sealing import KeyRing


class Supplies:
    """Brings what `Needs` asks for: the ranking of a question, how many wait for staff, what a code stands for, what
    came of an agent's, who pays for a NIK, a fresh code."""

    def __init__(
        self, ranking: Ranking, doors: Doors, sponsors: Sponsors, database: Database, keys: KeyRing, clock: Clock
    ) -> None:
        self._ranking = ranking
        self._doors = doors
        self._sponsors = sponsors
        self._database = database
        self._keys = keys
        self._clock = clock

    async def supply(self, need: Lacking, facts: Facts) -> Facts:
        """Return the facts with what was needed among them."""
        match need:
            case RankQuestion():
                return await self._ranking.supply(need, facts)
            case CountAhead(priority):
                async with self._database.read() as connection:
                    return replace(facts, ahead=await ahead_of(connection, priority))
            case DrawCode():
                return await self._doors.supply(need, facts)
            case FindSponsor(nik):
                return await self._sponsors.supply(nik, facts)
            case CountCame(code):
                return await self._with_came(code, facts)
            case FindReferral(code):
                return await self._with_referral(code, facts)

    async def _with_came(self, code: str, facts: Facts) -> Facts:
        month = Month.of(self._clock())
        async with self._database.read() as connection:
            agent = await agent_with(connection, self._keys, code)
            of = await codes_of(connection, agent.id) if agent else []
            return replace(facts, came=await came(connection, of, month))

    async def _with_referral(self, code: str, facts: Facts) -> Facts:
        now = self._clock()
        async with self._database.read() as connection:
            found = await referral(connection, self._keys, code, now) or await find(connection, self._keys, code, now)
        return replace(facts, referrals={**facts.referrals, code: found})
