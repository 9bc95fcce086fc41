"""Paying: for how many months, what each costs, then a code. The code itself always comes from the backend."""

from __future__ import annotations

from msgspec.structs import replace

from conversations import cover, pricing, sponsoring
from conversations.asking import word_value
from conversations.effects import RequestBill
from conversations.flow import Flow
from conversations.messages import Button, Lines, Reply, Rupiah, Say
from conversations.months import Month
from conversations.programmes.contribution import MOST_MONTHS, MonthPrice, Quote
from conversations.reading.choice import number
from conversations.steps.choice import Choice
from conversations.steps.step import Answer, Consequence, Move, Option, Problem, Said, words
from conversations.steps.yes_no import YesNo
from conversations.switching import home
from conversations.view import View

USUAL = (1, 3, 6, 12)
"""Numbers of months to tap; any other may be typed."""


def quoted(view: View, months: int) -> Quote:
    """What so many months cost, from the first unpaid one on."""
    first = cover.standing(view).next
    terms = cover.on_terms_of(view, first)
    return pricing.price(terms, terms.answers["plan"], months, first)


def most(view: View) -> int:
    """How many months one code can be for: it has one base and one payer, so it ends where changed
    terms begin or a sponsor stops."""
    first, begins = cover.standing(view).next, cover.change_begins(view)
    left = first.until(begins) if begins and first < begins else MOST_MONTHS.value
    return min(MOST_MONTHS.value, left, sponsoring.months(view, first) or left)


def offered(view: View) -> tuple[str, ...]:
    """Numbers of months to tap: at least so many that the running month is among them."""
    least = max(1, cover.standing(view).next.until(view.month) + 1)
    counts = {min(most(view), least - 1 + count) for count in USUAL}
    return tuple(map(str, sorted(counts)))


class PayMonths(Choice):
    """How many months, each number with its price."""

    def ask(self, view: View) -> tuple[Say, ...]:
        """Where payment stands, that prices are estimates where one is, then the question."""
        shown = (quoted(view, int(option)) for option in offered(view))
        unsure = next((doubts(priced) for priced in shown if not priced.certain), ())
        return (*stands(view), *unsure, *self.short(view))

    def short(self, view: View) -> tuple[Say, ...]:
        """The question alone."""
        key = "pay_months.ask" if most(view) > 1 else "pay_months.one"
        return (Say(key, {"who": view.who, "most": most(view), "begins": cover.change_begins(view) or view.month}),)

    def label(self, option: str, view: View) -> Say:
        """The months and what they cost together."""
        return Say("pay_months.count", {"months": int(option), "total": Rupiah(quoted(view, int(option)).total)})

    def fingerprint(self, view: View) -> str:
        """The first month and the prices."""
        totals = (quoted(view, int(option)).total for option in offered(view))
        return f"{cover.standing(view).next}/{'/'.join(map(str, totals))}"

    def read(self, said: Said, view: View) -> Move | None:
        """Read a number of months."""
        text = (words(said) or "").lower().replace("bulan", " ").replace("bln", " ").replace("setahun", "12")
        count = number(text.split())
        if not count:
            return None
        if count > most(view):
            return Problem(Say("pay_months.too_many", {"most": most(view)}))
        return Answer(str(count))


def stands(view: View) -> tuple[Say, ...]:
    """What was not paid and what follows from it; nothing where all is well."""
    now = cover.standing(view)
    known = {"who": view.called, "next": now.next, "due": now.due, "owed": now.owed, "inactive": now.inactive_from}
    if now.state == "arrears":
        return (Say("pay.arrears", known),)
    if now.state == "inactive":
        return (Say("pay.inactive", known), Say("pay.again"))
    return (Say("pay.next", known),)


class PayCheck(YesNo):
    """What each month costs, then whether a code shall be made."""

    def ask(self, view: View) -> tuple[Say, ...]:
        """The price month by month, what it is only an estimate of, then the question."""
        months = chosen(view)
        priced = quoted(view, months)
        lines = Lines(tuple(month_line(month) for month in priced.months))
        total = Say("pay_check.total", {"lines": lines, "total": Rupiah(priced.total), "months": months})
        return (total, *ends(priced), *doubts(priced), *self.short(view))

    def short(self, view: View) -> tuple[Say, ...]:
        """The question alone."""
        return (Say("pay_check.ask", {"who": view.who}),)

    def fingerprint(self, view: View) -> str:
        """The months and the price."""
        return f"{cover.standing(view).next}/{chosen(view)}/{quoted(view, chosen(view)).total}"

    def options(self, view: View) -> tuple[Option, ...]:
        """Yes, or another number of months."""
        return tuple(Option(name, Say(f"pay_check.{name}")) for name in ("yes", "no"))


def month_line(price: MonthPrice) -> Say:
    """One contribution month with what it costs."""
    return Say("pay_check.month", {"month": price.month, "price": Rupiah(price.jkk + price.jkm + price.jht)})


def ends(priced: Quote) -> tuple[Say, ...]:
    """Until when the discount holds, where it ends within these months."""
    until = priced.discount_until
    return (Say("price.until", {"until": until}),) if until and until < priced.months[-1].month else ()


def doubts(priced: Quote) -> tuple[Say, ...]:
    """That it is an estimate, where it is one."""
    return () if priced.certain else (Say("price.estimate"),)


def chosen(view: View) -> int:
    """How many months were chosen."""
    return min(int(view.session.side["pay_months"]), most(view))


def counted(view: View) -> Consequence:
    """Ask for the code at once where it is for one month: its price stood on the button."""
    return bill_for(view, 1) if chosen(view) == 1 else Consequence(view)


def checked(view: View) -> Consequence:
    """Ask the backend for the code, or for how many months again."""
    if not view.session.side["pay_check"]:
        return Consequence(view.having(side={}))
    return bill_for(view, chosen(view))


def bill_for(view: View, months: int) -> Consequence:
    """Ask for a code for so many months from the first unpaid one; where the sponsor's last place is gone, show anew
    what they cost alone."""
    if sponsoring.lost(view):
        return sponsoring.without_place(view.having(side={}))
    first = cover.standing(view).next
    view, effect = requested(view, first, months)
    view = home(view)
    # The code comes in a moment and brings the menu; to ask now whether one is wanted would be odd.
    wait = Reply((Say("member.billing", {"who": view.who}),), (Button(Say("word.status"), word_value("status")),))
    return Consequence(view, (), (effect,), wait)


def requested(view: View, first: Month, months: int) -> tuple[View, RequestBill]:
    """The wish for a bill for so many months, numbered apart from all other wishes."""
    held = cover.enrolment(view)
    order = pricing.order(cover.on_terms_of(view, first), first, months)
    asked = replace(held, requests=held.requests + 1)
    effect = RequestBill(view.person.number, held.reference, asked.requests, order)
    return view.with_person(replace(view.person, enrolment=asked)), effect


PAY = Flow(
    "pay",
    steps=(
        PayMonths("pay_months", (), offered=offered, side=True, then=counted),
        PayCheck("pay_check", when=lambda view: "pay_months" in view.session.side, side=True, then=checked),
    ),
    finish=lambda view: Consequence(home(view)),
)
