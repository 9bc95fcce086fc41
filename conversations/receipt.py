"""What a worker is told once enrolled: receipt, code, payment, and from when what holds (safe wording)."""

from __future__ import annotations

import datetime as dt

from conversations import cover, sponsoring
from conversations.messages import Bill, BillPaid, Rupiah, Say
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
    return (*simulation(view), Say("receipt.enrolled", {"who": view.called, "kpj": kpj}), *first_bill(view))


def first_bill(view: View) -> tuple[Say, ...]:
    """The code to pay with; where somebody pays everything there is none, and nothing is asked for."""
    sponsor = sponsoring.of(view)
    if sponsor and sponsoring.is_free(view, view.month) and cover.open_bill(view) is None:
        return (Say("receipt.sponsored", {"sponsor": sponsor.name, "until": sponsor.last}),)
    return to_pay(view, marked=True)


def to_pay(view: View, *, marked: bool = False) -> tuple[Say, ...]:
    """The code to pay with, until when, where, and what never to do."""
    bill = cover.open_bill(view)
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


def paid(view: View, months: tuple[Month, ...], payment: BillPaid) -> tuple[Say, ...]:
    """A payment was recorded: its number, from when JKK and the full JKM hold, where the official record is."""
    known = {
        **number(payment),
        "who": view.called,
        "first": months[0],
        "last": months[-1],
        "call": CALL_CENTRE.value,
        "card": CARD_WITHIN_DAYS.value,
        "sponsor": sponsor.name if (sponsor := sponsoring.of(view)) else "",
    }
    key = paid_key(view, months)
    holds = (Say("paid.jkk"), *jkm_holds(view), *saved(view))
    return (*simulation(view), Say(key, known), *back_again(view, payment), *holds, Say("paid.check", known))


def paid_key(view: View, months: tuple[Month, ...]) -> str:
    """The sentence for a payment: the sponsor's, or the worker's for one month or several."""
    if sponsoring.is_free(view, months[0]):
        return "paid.sponsored"
    return "paid.month" if len(months) == 1 else "paid.months"


def number(payment: BillPaid) -> dict[str, str]:
    """The number a payment can be asked about: the backend's own, else the code that was paid."""
    return {"number": payment.receipt or payment.code}


def paid_twice(view: View, payment: BillPaid) -> tuple[Say, ...]:
    """A second payment for months that were paid; nobody here decides what becomes of the money."""
    known = {"who": view.called, "first": payment.first, **number(payment)}
    return (*simulation(view), Say("paid.twice", known))


def back_again(view: View, payment: BillPaid) -> tuple[Say, ...]:
    """The welcome of somebody whose membership had lapsed, with what that leaves open."""
    now = cover.standing(view)
    return (Say("paid.again"),) if now.returned and now.since == payment.first else ()


def saved(view: View) -> tuple[Say, ...]:
    """That the JHT share is savings, for who took it."""
    return (Say("paid.jht", {"who": view.who}),) if view.answers.get("plan") == "three" else ()


def jkm_holds(view: View) -> tuple[Say, ...]:
    """From when the full JKM sum holds and what comes before; for this member the month, and what is not certain."""
    now = cover.standing(view)
    full = natural_death(JKM_FULL_AFTER_MONTHS.value).value.total
    known = {
        "after": JKM_FULL_AFTER_MONTHS.value,
        "full": Rupiah(full),
        "before": Rupiah(JKM_BEFORE.value),
        "from": now.jkm_full_from,
    }
    if now.jkm_full:
        return (Say("paid.jkm_full", known),)
    return (Say("paid.jkm", known), *(Say(f"paid.doubt.{doubt}") for doubt in now.doubts[-1:]))
