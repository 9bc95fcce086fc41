"""The invented field: how many come in which hour and by whom, and who becomes an agent when.

Near the first weeks of the original, for 250 agents: one in five of them active, some hundred enrolments a day at
first and two hundred after three weeks.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from bot.simulation.acting import HOUR, MINUTE, Actor, passing_by
from bot.simulation.agent import NO_LETTER, Agent, Assisting, Meeting
from bot.simulation.days import Days
from bot.simulation.identities import Registry
from bot.simulation.phone import Phone
from bot.simulation.sentences import Sentences
from bot.simulation.shares import (
    ADVERTS,
    BODIES,
    CAMPAIGNS,
    CHANNELS,
    INCOMES,
    TRADES,
    WAYS,
    Weighted,
    any_of,
    one_of,
)
from bot.simulation.story import Story
from bot.simulation.temper import drawn
from bot.simulation.worker import Worker
from conversations.messages import Address
from conversations.programmes.reminding import WIB

ACTIVE = 0.2
"""The share of the agents who bring anybody."""
AT_THE_PEAK = 0.8
"""Enrolments a day for each registered agent once the field has grown."""
GROWS_FROM, GROWS_FOR = 0.55, 20
"""With what share of the peak it begins, and in how many days it grows to all of it."""
ENROLS = 0.635
"""The share of those who start that enrols, as tempers and rules let it come out."""
ON_WEEKDAY = (1.0, 1.05, 1.05, 1.0, 0.95, 1.05, 0.9)
IN_HOUR: Weighted[int] = tuple(zip((2, 4, 7, 9, 10, 8, 7, 5, 5, 6, 6, 5, 7, 9, 7, 3), range(6, 22), strict=True))
ON_FIRST_DAY = 0.45
"""The share of the agents who apply at the launch; the others do on any later day."""
REFUSED = 0.04
ONLY_LOOKS = 0.4
"""How many open a link's page for nothing, for each who starts."""
AT_A_MEETING = (6, 18)
BOTS = {"whatsapp": "62800000000", "telegram": "7000000000", "web": "web"}


@dataclass
class Field:
    """Everybody who is invented, and when they come."""

    days: Days
    sentences: Sentences
    first_day: dt.date
    seed: int
    agents: dict[Agent, Actor] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(f"{self.seed}/field")  # noqa: S311 - the same seed, the same world.
        self._registry = Registry(random.Random(f"{self.seed}/people"), self.first_day)  # noqa: S311
        self._owed = 0.0

    # --- agents ------------------------------------------------------------------------------------------------------

    def recruit(self, count: int, days: int) -> None:
        """Let so many agents apply who will be registered, and some more who are refused."""
        for number in range(count + round(count * REFUSED)):
            chance = self._own_chance("agent", number)
            active, letter = number < round(count * ACTIVE), f"{number + 1:03}/ST/{self.first_day.year}"
            agent = self._agent(number, chance, active, letter if number < count else NO_LETTER)
            at_launch = chance.random() < (1.3 if active else 1.0) * ON_FIRST_DAY
            day = 0 if at_launch else chance.randrange(1, max(2, days - 1))
            hour = chance.uniform(6, 8) if day == 0 else chance.uniform(7, 15)
            self.agents[agent] = Actor(agent.phone, agent.acts())
            self.days.enter(self.agents[agent], self._moment(day, hour))

    def _agent(self, number: int, chance: random.Random, active: bool, letter: str) -> Agent:
        story, identity = Story(), self._registry.invent()
        phone = Phone(self._address(chance, f"agent-{number}"), self.sentences, story)
        weight = min(chance.paretovariate(1.2), 12) if active else 0.0
        return Agent(identity, any_of(chance, BODIES), letter, phone, story, chance, weight)

    # --- workers -----------------------------------------------------------------------------------------------------

    async def hour(self, now: dt.datetime) -> None:
        """Let those come who come within the hour that begins now."""
        self._owed += self._wanted(now)
        while self._owed >= 1:
            self._owed -= self._come(now)

    def _wanted(self, now: dt.datetime) -> float:
        """How many start in an hour."""
        local = now.astimezone(WIB)
        day = (local.date() - self.first_day).days
        grown = min(1.0, GROWS_FROM + (1 - GROWS_FROM) * day / GROWS_FOR)
        weights = {hour: weight for weight, hour in IN_HOUR}
        share = weights.get(local.hour, 0) / sum(weights.values())
        registered = sum(agent.letter != NO_LETTER for agent in self.agents)
        return registered * AT_THE_PEAK / ENROLS * grown * ON_WEEKDAY[local.weekday()] * share

    def _come(self, now: dt.datetime) -> int:
        """Let one come, or all of a meeting; tell how many."""
        way, chance = one_of(self._chance, WAYS), self._chance
        agent = self._some_agent() if way in ("link", "qr", "meeting", "assisted") else None
        at = now + dt.timedelta(seconds=chance.uniform(0, 4 * MINUTE))
        if way == "meeting" and agent:
            # One meeting for so many who come by one.
            return self._meet(agent, at) if chance.random() < 2 / sum(AT_A_MEETING) else 0
        if way == "assisted" and agent:
            self._assist(agent, at)
        elif agent:
            self._enter(self._worker(way, agent.code, agent), at)
        else:
            self._alone(way if way in ("campaign", "ad") else "direct", at)
        return 1

    def _some_agent(self) -> Agent | None:
        """One of those who have a code by now, the busier the likelier."""
        ready = [agent for agent in self.agents if agent.code and agent.weight]
        if not ready:
            return None
        return self._chance.choices(ready, [agent.weight for agent in ready])[0]

    def _alone(self, way: str, at: dt.datetime) -> None:
        code = any_of(self._chance, CAMPAIGNS)[0] if way == "campaign" else ""
        source = any_of(self._chance, ADVERTS) if way == "ad" else ""
        self._enter(self._worker(way, code, source=source), at)

    def _meet(self, agent: Agent, at: dt.datetime) -> int:
        """Have an agent hold a meeting; whoever is there starts on their own phone once they see its code."""
        there = [self._worker("meeting", "", agent) for _ in range(self._chance.randint(*AT_A_MEETING))]
        waits = [dt.timedelta(seconds=self._chance.uniform(0, 4 * MINUTE)) for _ in there]

        def held(code: str) -> None:
            for worker, wait in zip(there, waits, strict=True):
                worker.code = code
                self._enter(worker, self.days.now + wait)

        self._ask(agent, Meeting(held), at)
        return len(there)

    def _assist(self, agent: Agent, at: dt.datetime) -> None:
        """Have an agent fill in for somebody, who then goes on on their own phone."""
        worker = self._worker("assisted", "", agent)

        def handed(code: str) -> None:
            worker.code = code
            self._enter(worker, self.days.now + dt.timedelta(minutes=2))

        self._ask(agent, Assisting(worker, handed), at)

    def _ask(self, agent: Agent, errand: Meeting | Assisting, at: dt.datetime) -> None:
        async def wake(now: dt.datetime) -> None:
            agent.errands.append(errand)
            if agent.is_free:
                agent.is_free = False
                self.days.enter(self.agents[agent], now)

        self.days.do(wake, at)

    def _enter(self, worker: Worker, at: dt.datetime) -> None:
        self.days.enter(Actor(worker.phone, worker.acts()), at)
        if worker.code and worker.way != "assisted" and worker.chance.random() < ONLY_LOOKS:
            later = at + dt.timedelta(seconds=worker.chance.uniform(0, HOUR))
            self.days.enter(Actor(worker.phone, passing_by(worker.code)), later)

    def _worker(self, way: str, code: str, agent: Agent | None = None, source: str = "") -> Worker:
        number = len(self.workers)
        chance, story = self._own_chance("worker", number), Story()
        near = agent.identity.regency if agent and chance.random() < 0.8 else ""
        phone = Phone(self._address(chance, f"worker-{number}"), self.sentences, story)
        trade, income = any_of(chance, one_of(chance, TRADES)), one_of(chance, INCOMES)
        identity = self._registry.invent(near)
        worker = Worker(identity, trade, income, drawn(chance), phone, story, chance, code, source, way, agent)
        self.workers.append(worker)
        return worker

    # --- of all ------------------------------------------------------------------------------------------------------

    def _own_chance(self, kind: str, number: int) -> random.Random:
        """What happens to somebody depends on nobody else's luck."""
        return random.Random(f"{self.seed}/{kind}/{number}")  # noqa: S311

    def _address(self, chance: random.Random, name: str) -> Address:
        channel = one_of(chance, CHANNELS)
        return Address(channel, BOTS[channel], f"simulated-{self.seed}-{name}")

    def _moment(self, day: int, hour: float) -> dt.datetime:
        midnight = dt.datetime.combine(self.first_day, dt.time(), WIB)
        return midnight + dt.timedelta(days=day, hours=hour)
