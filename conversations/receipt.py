"""What a worker is told once enrolled: receipt, code, payment, and from when what holds (safe wording)."""

from __future__ import annotations

import datetime as dt

from conversations.messages import Bill, Rupiah, Say
from conversations.months import Month, jakarta
from conversations.programmes.benefits import JKM_BEFORE, JKM_FULL_AFTER_MONTHS, natural_death
from conversations.programmes.calendar import CARD_WITHIN_DAYS
from conversations.programmes.places import CALL_CENTRE, PAY_AT
from conversations.view import View


def simulation(view: View) -> tuple[Say, ...]:
    """The warning that everything in demo mode carries."""
    return (Say("simulation"),) if view.facts.demo else ()


def enrolled(view: View) -> tuple[Say, ...]:
    """The receipt: enrolled, the number, the code to pay and the safety line."""
    enrolment = view.person.enrolment
    kpj = enrolment.kpj if enrolment else ""
    return (*simulation(view), Say("receipt.enrolled", {"who": view.called, "kpj": kpj}), *to_pay(view, marked=True))


def to_pay(view: View, *, marked: bool = False) -> tuple[Say, ...]:
    """The code to pay with, until when, where, and what never to do."""
    bill = view.person.enrolment.bill if view.person.enrolment else None
    if bill is None:
        return (Say("receipt.no_bill", {"who": view.who}),)
    head = () if marked else simulation(view)
    return (*head, code(bill), places(), Say("receipt.safety", {"call": CALL_CENTRE.value}))


def code(bill: Bill) -> Say:
    """The payment code with its amount and last day."""
    shown = {"code": bill.code, "total": Rupiah(bill.total), "months": bill.months, "first": bill.first}
    return Say("receipt.code", {**shown, "expires": last_day(bill.expires)})


def last_day(expires: dt.datetime) -> dt.date:
    """The last full day on which a code can be paid, in Asia/Jakarta."""
    return jakarta(expires - dt.timedelta(seconds=1))


def places() -> Say:
    """Some places to pay at, as the official brochure lists them."""
    at = PAY_AT.value
    return Say("receipt.places", {"places": (*at.shops[:1], *at.wallets[:4], *at.banks[-3:])})


def paid(view: View, months: tuple[Month, ...]) -> tuple[Say, ...]:
    """A payment was recorded: JKK from now, JKM in full after three months, the official record elsewhere."""
    known = {
        "who": view.called,
        "first": months[0],
        "last": months[-1],
        "call": CALL_CENTRE.value,
        "card": CARD_WITHIN_DAYS.value,
    }
    key = "paid.month" if len(months) == 1 else "paid.months"
    return (*simulation(view), Say(key, known), Say("paid.jkk"), jkm_holds(), *saved(view), Say("paid.check", known))


def saved(view: View) -> tuple[Say, ...]:
    """That the JHT share is savings, for who took it."""
    return (Say("paid.jht", {"who": view.who}),) if view.answers.get("plan") == "three" else ()


def jkm_holds() -> Say:
    """From when the full JKM sum holds and what comes before."""
    full = natural_death(JKM_FULL_AFTER_MONTHS.value).value.total
    known = {"after": JKM_FULL_AFTER_MONTHS.value, "full": Rupiah(full), "before": Rupiah(JKM_BEFORE.value)}
    return Say("paid.jkm", known)
