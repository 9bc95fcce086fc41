"""An amount of rupiah a month, tapped as a range or typed any way people say it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

from conversations.messages import Rupiah, Say
from conversations.reading.money import read_money
from conversations.steps.step import Answer, Move, Option, Problem, Said, Step, words
from conversations.view import View

LEAST_PLAUSIBLE = 50_000
MOST_PLAUSIBLE = 200_000_000

MONTHS_IN = {"per_week": Fraction(12, 52), "per_year": Fraction(12)}
"""How many months the period holds that somebody told their earnings for."""


class Span(NamedTuple):
    """A range to tap: from `low` up to `high` rupiah (0 = open), taken as `value`; 0 asks for the exact amount."""

    name: str
    low: int
    high: int
    value: int


class Money(Step):
    """Rupiah a month. "100rb sehari" is kept under `daily`, and the step `work_days` asks for the days first; the
    open-ended range asks for the number itself."""

    def __init__(self, name: str, *, spans: tuple[Span, ...], extra: tuple[Option, ...] = (), **rest: Any) -> None:
        super().__init__(name, **rest)
        self.spans = spans
        self.extra = extra
        self.exact = f"{name}_exact"
        self._ranges = tuple(Option(span.name, self._label(span)) for span in spans)

    def exactly(self, view: View) -> bool:
        """Tell whether the number itself is asked for."""
        return self.exact in view.answers

    def fingerprint(self, view: View) -> str:
        """Whether the ranges are shown."""
        return self.exact if self.exactly(view) else ""

    def options(self, view: View) -> tuple[Option, ...]:
        """The ranges; the first time also the questions that can be asked by a tap."""
        if self.exactly(view):
            return ()
        return self._ranges if self.answered(view) else self._ranges + self.extra

    def _label(self, span: Span) -> Say:
        return Say(f"{self.name}.{span.name}", {"low": Rupiah(span.low), "high": Rupiah(span.high)})

    def pick(self, option: str, view: View) -> Move | None:
        """Take the amount a range stands for; the open-ended range asks for a number."""
        span = next((s for s in self.spans if s.name == option), None)
        if span is None:
            return None
        return self._monthly(span.value) if span.value else Answer(None, {self.exact: True}, stay=True)

    def read(self, said: Said, view: View) -> Move | None:
        """Read an amount; a day's earnings and a range lead to one short question."""
        text = words(said)
        if text is None:
            return None
        reading = read_money(text, view.today)
        if reading.value is not None:
            return self._plausible(int(reading.value))
        return self._unclear(reading.problem or "", reading.hint)

    def _plausible(self, amount: int) -> Move:
        if not LEAST_PLAUSIBLE <= amount <= MOST_PLAUSIBLE:
            return Problem(Say("money.implausible", {"amount": Rupiah(amount)}))
        return self._monthly(amount)

    def _monthly(self, amount: int) -> Answer:
        return Answer(amount, {"daily": None, self.exact: None})

    def _unclear(self, problem: str, hint: Any) -> Move | None:
        if problem == "per_day" and isinstance(hint, int):
            return Answer(None, {"daily": hint, self.name: None, self.exact: None})
        if problem in MONTHS_IN and isinstance(hint, int):
            return self._spread(hint, MONTHS_IN[problem])
        if problem == "per_piece" and isinstance(hint, int):
            return Problem(Say("money.per_piece", {"piece": Rupiah(hint)}))
        if problem == "range" and isinstance(hint, tuple):
            low, high = hint
            return Problem(Say("money.range", {"low": Rupiah(low), "high": Rupiah(high)}))
        if problem == "ambiguous":
            return Problem(Say("money.ambiguous"))
        return None

    def _spread(self, amount: int, months: Fraction) -> Move:
        taken = self._plausible(int(amount / months) // 1000 * 1000)
        if isinstance(taken, Answer):
            return taken._replace(says=(Say("money.monthly", {"income": Rupiah(taken.value)}),))
        return taken

    def recap(self, view: View) -> Say | None:
        """The amount a month."""
        return Say("recap.income", {"income": Rupiah(view.answers[self.name])})


class WorkDays(Step):
    """How many days a month somebody works, asked after "100rb sehari"; the product is the monthly income."""

    usual = (20, 25, 26, 30)

    def ask(self, view: View) -> tuple[Say, ...]:
        """The question, with the amount a day."""
        return (Say(f"{self.name}.ask", {"daily": Rupiah(view.answers["daily"]), "who": view.who}),)

    def help(self, view: View) -> tuple[Say, ...]:
        """The same question in other words."""
        return (Say(f"{self.name}.help", {"daily": Rupiah(view.answers["daily"])}),)

    def options(self, view: View) -> tuple[Option, ...]:
        """The usual numbers of days."""
        return tuple(Option(str(n), Say("work_days.days", {"days": n})) for n in self.usual)

    def pick(self, option: str, view: View) -> Move | None:
        """Take a tapped number of days."""
        return self._product(int(option), view) if option.isdecimal() and len(option) < 3 else None

    def read(self, said: Said, view: View) -> Move | None:
        """Read a number of days between 1 and 31."""
        digits = [w for w in (words(said) or "").split() if w.isascii() and w.isdecimal() and len(w) < 3]
        return self._product(int(digits[0]), view) if len(digits) == 1 else None

    def _product(self, days: int, view: View) -> Move | None:
        total = days * view.answers["daily"]
        if not 1 <= days <= 31:
            return None
        if total > MOST_PLAUSIBLE:
            return Problem(Say("money.implausible", {"amount": Rupiah(total)}))
        said = Say("money.monthly", {"income": Rupiah(total)})
        return Answer(None, {"income": total, "daily": None}, (said,))
