"""Another income or other programmes, from the next month that is still to be paid; what is paid stays as it is."""

from __future__ import annotations

from typing import Any

from conversations import cover, pricing
from conversations.flow import Flow
from conversations.flows.enrolment import PAIR_SPOKEN, TRIO_SPOKEN
from conversations.messages import Rupiah, Say
from conversations.programmes.contribution import Quote
from conversations.reading.money import read_money
from conversations.steps.choice import Choice
from conversations.steps.money import LEAST_PLAUSIBLE, MOST_PLAUSIBLE
from conversations.steps.step import Answer, Consequence, Move, Problem, Said, Step, words
from conversations.steps.yes_no import YesNo
from conversations.switching import home
from conversations.view import View

MONTHLY = frozenset({"per_day", "per_week", "per_year", "range", "ambiguous"})
"""Problems of an amount that one question settles: how much is it a month?"""


class NewIncome(Step):
    """The income from then on, in rupiah a month, typed."""

    def read(self, said: Said, view: View) -> Move | None:
        """Read an amount a month; for any other the monthly one is asked for."""
        reading = read_money(words(said) or "", view.today)
        if reading.value is None:
            return Problem(Say("terms_income.monthly")) if reading.problem in MONTHLY else None
        if not LEAST_PLAUSIBLE <= reading.value <= MOST_PLAUSIBLE:
            return Problem(Say("money.implausible", {"amount": Rupiah(reading.value)}))
        return Answer(reading.value)


def plans(view: View) -> tuple[str, ...]:
    """Both plans; who employs others takes all three programmes."""
    return ("three",) if pricing.is_owner(view) else ("two", "three")


def wants(name: str) -> Any:
    """For a question that is asked only where that is to change."""
    return lambda view: view.session.side.get("terms") == name


def as_changed(view: View) -> View:
    """The same moment with the changed terms waiting for their month."""
    latest = cover.on_terms_of(view, cover.change_begins(view) or view.month).answers
    terms = {"terms_income": latest["income"], "terms_plan": latest["plan"], **view.session.side}
    return cover.changed(view, income=terms["terms_income"], plan=terms["terms_plan"])


def price(view: View) -> Quote:
    """What the first month on the changed terms costs."""
    first = cover.earliest_change(view)
    terms = cover.on_terms_of(as_changed(view), first)
    return pricing.price(terms, terms.answers["plan"], 1, first)


class TermsCheck(YesNo):
    """The changed terms with their first month and price, then the question."""

    def values(self, view: View) -> dict[str, Any]:
        """Income, base, plan, month and price."""
        changed, priced = as_changed(view), price(view)
        income, plan = (changed.answers[cover.CHANGED[name]] for name in ("income", "plan"))
        return {
            "who": view.who,
            "income": Rupiah(income),
            "base": Rupiah(priced.base),
            "plan": Say(f"plan.{plan}"),
            "first": cover.earliest_change(view),
            "price": Rupiah(priced.total),
        }

    def ask(self, view: View) -> tuple[Say, ...]:
        """What changes, when, what it costs; then the question."""
        estimate = () if price(view).certain else (Say("price.estimate"),)
        return (Say("terms_check.told", self.values(view)), *estimate, *self.short(view))

    def short(self, view: View) -> tuple[Say, ...]:
        """The question alone."""
        return (Say("terms_check.ask", self.values(view)),)

    def fingerprint(self, view: View) -> str:
        """All that a yes would agree to."""
        return str(sorted((name, str(value)) for name, value in self.values(view).items()))


def checked(view: View) -> Consequence:
    """Keep the change, or leave everything as it was."""
    if not view.session.side["terms_check"]:
        return Consequence(home(view), (Say("terms.kept"),))
    first = cover.earliest_change(view)
    return Consequence(home(as_changed(view)), (Say("terms.changed", {"first": first, "who": view.who}),))


def ready(view: View) -> bool:
    """Tell whether something was changed."""
    return bool({"terms_income", "terms_plan"} & view.session.side.keys())


TERMS = Flow(
    "terms",
    steps=(
        Choice(
            "terms",
            ("income", "plan"),
            spoken={"income": ("penghasilan", "gaji", "pendapatan"), "plan": ("program", "paket", "jht")},
            side=True,
        ),
        NewIncome("terms_income", when=wants("income"), side=True),
        Choice(
            "terms_plan",
            ("two", "three"),
            offered=plans,
            spoken={"two": PAIR_SPOKEN, "three": TRIO_SPOKEN},
            when=wants("plan"),
            side=True,
        ),
        TermsCheck("terms_check", when=ready, side=True, then=checked),
    ),
    finish=lambda view: Consequence(home(view)),
)
