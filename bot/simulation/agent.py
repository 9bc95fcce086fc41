"""One invented agent: the application with its lessons and quiz, then whatever the day asks of them.

What they are asked to do waits in `errands`: to hold a meeting, or to fill in for a neighbour.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.simulation.acting import HOUR, MINUTE, UNTIL_WOKEN, Act, Acts
from bot.simulation.identities import Identity
from bot.simulation.phone import Phone
from bot.simulation.shares import MEETINGS, any_of
from bot.simulation.story import Story
from bot.simulation.worker import TYPED, Worker
from conversations.flows.apply import QUIZ
from conversations.messages import Start, Text, What
from conversations.reading.place import region
from conversations.steps.picture import WITHOUT

MOST_ACTS = 60
NO_LETTER = "belum ada"
"""What those put in place of an assignment letter who have none; the office refuses them."""
WRONG_FIRST = 0.15
"""How often a question of the quiz is answered wrongly at first."""
WRONG = {name: "a" if right != "a" else "b" for name, right in QUIZ}
RIGHT = dict(QUIZ)


class Meeting(NamedTuple):
    """A meeting to hold: `held` is called with its code."""

    held: Callable[[str], None]


class Assisting(NamedTuple):
    """A neighbour to fill in for: `handed` is called with the code that they then enter on their own phone."""

    worker: Worker
    handed: Callable[[str], None]


@dataclass(eq=False)
class Agent:
    """An agent; `weight` says how many come by them compared with others, 0 for those who never bring anybody."""

    identity: Identity
    organisation: str
    letter: str
    phone: Phone
    story: Story
    chance: random.Random
    weight: float
    errands: deque[Meeting | Assisting] = field(default_factory=deque)
    is_free: bool = False
    """Whether they wait to be asked for something."""

    @property
    def code(self) -> str:
        """Their own code, as they were told it; "" before."""
        return self.story.values.get("agency.now.active", {}).get("code", "")

    def acts(self) -> Acts:
        """Apply; once approved, share the link, then do what comes up, for ever."""
        yield from self._apply()
        while not self.code:
            if "agency.now.refused" in self.story.seen:
                return
            yield Act(HOUR)
        yield from self._menu("link")
        while True:
            if self.errands:
                yield from self._do(self.errands.popleft())
            else:
                self.is_free = True
                yield Act(UNTIL_WOKEN)

    # --- applying ----------------------------------------------------------------------------------------------------

    def _apply(self) -> Acts:
        yield self._soon(Start())
        yield self._soon(Text("jadi agen"))
        for _ in range(MOST_ACTS):
            if "agency.sent" in self.story.seen:
                return
            yield self._soon(self._answer(self.phone.step))

    def _soon(self, what: What | None) -> Act:
        return Act(self.chance.uniform(15, 1.5 * MINUTE), what)

    def _answer(self, step: str) -> What | None:
        if step in RIGHT:
            wrong = self.chance.random() < WRONG_FIRST
            return self.phone.tap(WRONG[step] if wrong else RIGHT[step])
        if step.startswith("lesson_"):
            return self.phone.tap("next")
        return self._typed(step) or self.phone.tap("agent", "yes", WITHOUT)

    def _typed(self, step: str) -> Text | None:
        place = region(self.identity.regency)
        said = {
            "agent_name": self.identity.name,
            "agent_organisation": self.organisation,
            "agent_area": place.name if place else "",
            "agent_letter": self.letter,
        }
        return Text(said[step]) if step in said else None

    # --- being one ---------------------------------------------------------------------------------------------------

    def _menu(self, wish: str) -> Acts:
        """Open what an agent can do, choose one thing."""
        yield self._soon(Text("agen"))
        yield self._soon(self.phone.tap(wish))

    def _do(self, errand: Meeting | Assisting) -> Acts:
        if isinstance(errand, Meeting):
            yield from self._menu("event")
            yield self._soon(Text(any_of(self.chance, MEETINGS)))
            errand.held(self.story.values["event.told"]["link"].rpartition("/")[2])
        else:
            yield from self._assist(errand.worker)
            if told := self.story.values.pop("assist.code", None):
                errand.handed(told["code"])

    def _assist(self, worker: Worker) -> Acts:
        """Fill in for somebody who sits beside the agent; consent is theirs to give, on their own phone."""
        worker.took_savings = worker.temper.savings
        yield from self._menu("assist")
        for _ in range(MOST_ACTS):
            step = self.phone.step
            if step == "passing_on":
                yield self._soon(self.phone.tap("own_phone"))
                return
            if step in ("agency", "ending"):
                return
            yield self._soon(self._for(worker, step))

    def _for(self, worker: Worker, step: str) -> What | None:
        if step in TYPED:
            return Text(TYPED[step](worker))
        wanted = {"earning": "own", "condition": "fits", "plan": "three" if worker.temper.savings else "two"}
        return self.phone.tap(wanted.get(step, "yes"))
