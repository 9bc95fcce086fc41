"""A member's cover as the chat sees it: how it stands today, on which terms a month is paid, what is to be paid now."""

from __future__ import annotations

from conversations.messages import Bill
from conversations.months import Month
from conversations.programmes.membership import Membership, membership
from conversations.session import Answers, Enrolment
from conversations.view import View

CHANGE = "change_from"
"""The answer that names the first month ("2026-12") of changed terms; those of CHANGED go with it."""

CHANGED = {"income": "changed_income", "plan": "changed_plan"}


def enrolment(view: View) -> Enrolment:
    """The enrolment of the person spoken for; nothing handed on reads as an empty one."""
    return view.person.enrolment or Enrolment("")


def is_member(view: View) -> bool:
    """Tell whether the person spoken for was enrolled, paid up or not."""
    return enrolment(view).state == "accepted"


def standing(view: View) -> Membership:
    """How the membership of the person spoken for stands today."""
    return view.recall(_standing)


def _standing(view: View) -> Membership:
    return membership(enrolment(view).paid, view.today)


def open_bill(view: View) -> Bill | None:
    """The bill that can be paid now: one that ran out is none, even where nobody told us yet."""
    bill = enrolment(view).bill
    return bill if bill and bill.expires > view.now else None


# --- changed terms ---------------------------------------------------------------------------------------------------


def earliest_change(view: View) -> Month:
    """The first month that other terms can hold for: what is paid or billed stays, and so does the running month."""
    bill = open_bill(view)
    billed = bill.first.plus(bill.months) if bill else view.month
    return max(standing(view).next, view.month.plus(1), billed)


def changed(view: View, *, income: int, plan: str) -> View:
    """The same moment with other terms from the earliest month on; a change that waits for a later one gives way."""
    first = earliest_change(view)
    terms: Answers = {CHANGE: str(first), CHANGED["income"]: income, CHANGED["plan"]: plan}
    return on_terms_of(view, first.plus(-1)).with_answers(terms)


def change_begins(view: View) -> Month | None:
    """The first month of terms that wait for it."""
    begins = view.answers.get(CHANGE)
    return Month.parse(begins) if begins else None


def on_terms_of(view: View, month: Month) -> View:
    """The same moment with the terms that hold for a contribution month as its answers."""
    begins = change_begins(view)
    if begins is None or month < begins:
        return view
    settled: Answers = {name: view.answers[waiting] for name, waiting in CHANGED.items()}
    return view.with_answers({**settled, CHANGE: None, **dict.fromkeys(CHANGED.values())})
