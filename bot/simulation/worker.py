"""One invented worker: how they come, what they answer, whether they finish, pay and stay."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.simulation.acting import DAY, MINUTE, Act, Acts
from bot.simulation.identities import Identity
from bot.simulation.phone import Phone
from bot.simulation.shares import Trade, any_of
from bot.simulation.story import Story
from bot.simulation.temper import STAYS, UNREADABLE, Temper
from conversations.messages import Start, Tap, Text, What

if TYPE_CHECKING:
    from bot.simulation.agent import Agent

MOST_ACTS = 60
MOST_ASKED = 4
"""How often somebody hears the same question before they give up."""
A_MONTH = 30 * DAY

TAPPED: dict[str, Callable[[Temper], str]] = {
    "whom": lambda _: "self",
    "earning": lambda temper: temper.earning,
    "condition": lambda temper: temper.condition,
    "plan": lambda temper: "three" if temper.savings else "two",
    "consent": lambda temper: "no" if temper.refuses else "yes",
    "agent_sees": lambda temper: "yes" if temper.lets_agent_see else "no",
    "review": lambda _: "yes",
    "remind": lambda temper: "yes" if temper.wants_reminders else "no",
    "news": lambda temper: "yes" if temper.wants_reminders else "no",
}
"""The option tapped at each question that is answered by a tap."""

TYPED: dict[str, Callable[[Worker], str]] = {
    "occupation": lambda worker: worker.trade.said,
    "income": lambda worker: worker.income,
    "work_days": lambda _: "25",
    "nik": lambda worker: worker.identity.nik,
    "name": lambda worker: worker.identity.name,
    "birth_date": lambda worker: f"{worker.identity.born:%d-%m-%Y}",
    "phone": lambda worker: worker.identity.phone,
    "email": lambda worker: f"{worker.identity.name.replace(' ', '.').lower()}@contoh.id",
    "home_region": lambda worker: worker.identity.regency,
    "work_region": lambda worker: worker.identity.regency,
    "guard": lambda worker: f"{worker.identity.born:%d-%m-%Y}",
}
"""What is typed at each question that is answered in words."""


@dataclass(eq=False)
class Worker:
    """Somebody who comes by `code` ("" for none) and `source`, with what they saw so far."""

    identity: Identity
    trade: Trade
    income: str
    temper: Temper
    phone: Phone
    story: Story
    chance: random.Random
    code: str = ""
    source: str = ""
    way: str = "direct"
    agent: Agent | None = None
    took_savings: bool = False
    """Whether all three programmes were chosen last."""
    asked: Counter[str] = field(default_factory=Counter)

    def acts(self) -> Acts:
        """Come, fill in, pay, and stay for as long as it goes."""
        yield from self._come()
        yield from self._fill_in()
        if "receipt.enrolled" in self.story.seen:
            yield from self._pay()
        while "paid.month" in self.story.seen and self.chance.random() < STAYS:
            yield from self._pay_again()

    # --- coming ------------------------------------------------------------------------------------------------------

    def _come(self) -> Acts:
        yield self._soon(Start(self.code), opens="" if self.way == "assisted" else self.code)
        if self.temper.declines_agent and self.code:
            yield self._soon(Text("tanpa agen"))

    def _soon(self, what: What, opens: str = "") -> Act:
        """Do something, then take as long as it takes to read and type."""
        return Act(self.chance.uniform(20, 2 * MINUTE), what, self.source, opens)

    # --- the form ----------------------------------------------------------------------------------------------------

    def _fill_in(self) -> Acts:
        """Answer question after question until enrolled, or until there is no going on."""
        for _ in range(MOST_ACTS):
            step = self.phone.step
            if self._is_over(step):
                return
            if step == self.temper.stops_at:
                if not self.temper.comes_back:
                    return
                self.temper = self.temper._replace(stops_at="")
                yield Act(self.chance.uniform(0.8, 1.4) * DAY)
                yield self._soon(Text("halo"))
                continue
            yield from self._answer(step)

    def _is_over(self, step: str) -> bool:
        given_up = self.asked[step] >= MOST_ASKED or (step not in TAPPED and step not in TYPED)
        enrolled = "receipt.enrolled" in self.story.seen and step not in ("remind", "news")
        return given_up or enrolled or "consent.refused" in self.story.seen

    def _answer(self, step: str) -> Acts:
        """Answer one question, perhaps after a question of one's own, or in words that cannot be read."""
        if step == self.temper.asks_at:
            self.temper = self.temper._replace(asks_at="")
            yield self._soon(Text(self.temper.question))
        elif step in self.temper.slips_at:
            self.temper = self.temper._replace(slips_at=self.temper.slips_at - {step})
            yield self._soon(Text(any_of(self.chance, UNREADABLE[step])))
        elif self.temper.wants_staff and step == "plan":
            self.temper = self.temper._replace(wants_staff=False)
            yield self._soon(Text("petugas"))
        else:
            self.asked[step] += 1
            yield self._soon(self._said(step))

    def _said(self, step: str) -> What:
        if step in TYPED:
            return Text(TYPED[step](self))
        wanted = TAPPED[step](self.temper)
        # An owner is offered all three programmes alone.
        said = self.phone.tap(wanted, "three") or Text(wanted)
        if step == "plan":
            self.took_savings = isinstance(said, Tap) and said.value.endswith(":three")
        return said

    # --- paying ------------------------------------------------------------------------------------------------------

    def _pay(self) -> Acts:
        """Pay the first contribution, or let it lapse."""
        if not self.temper.pays_after:
            return
        yield Act(self.temper.pays_after)
        if self.temper.months != "1":
            yield from self._more_months()
        yield from self._pay_bill()

    def _more_months(self) -> Acts:
        if wish := self.phone.tap("months"):
            yield self._soon(wish)
            yield from self._choose(self.temper.months)

    def _choose(self, months: str) -> Acts:
        """Choose for how many months a code is wanted, and agree to the price."""
        if self.phone.step == "pay_months":
            yield self._soon(self.phone.tap(months) or Text(months))
        if self.phone.step == "pay_check":
            yield self._soon(self.phone.tap("yes") or Text("ya"))

    def _pay_bill(self) -> Acts:
        """Pay the code that is open; ask for another where it ran out."""
        tap = self.phone.tap("simulate")
        if tap is None:
            yield self._soon(Text("bayar"))
            yield from self._choose("1")
            tap = self.phone.tap("simulate")
        if tap is not None:
            yield self._soon(tap)
        if self.phone.step == "news":
            yield self._soon(self._said("news"))

    def _pay_again(self) -> Acts:
        yield Act(self.chance.uniform(0.8, 1.1) * A_MONTH)
        yield from self._pay_bill()
        if self.phone.step == "guard":
            yield self._soon(self._said("guard"))
            yield from self._pay_bill()
