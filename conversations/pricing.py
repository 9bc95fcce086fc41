"""What the person spoken for would pay, from their answers."""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from conversations import sponsoring
from conversations.effects import Order
from conversations.messages import Rupiah, Say
from conversations.months import Month
from conversations.occupations import by_code
from conversations.programmes.contribution import MOST_MONTHS, PAIR, TRIO, Quote, quote
from conversations.programmes.sponsor import less_share
from conversations.view import View

PLANS = {"two": PAIR, "three": TRIO}


quoted = lru_cache(maxsize=4096)(quote)
"""Prices that were worked out before; the same arguments always cost the same."""


def sector(view: View) -> str:
    """The sector of the person's occupation, which decides how long the discount holds."""
    return by_code[view.answers["occupation"]].sector


def is_owner(view: View) -> bool:
    """Tell whether the person has workers of their own."""
    return view.answers.get("earning") == "owner"


def months(view: View) -> int:
    """How many contribution months were chosen, one where nobody chose; all of a sponsor's who pays everything."""
    if sponsoring.is_free(view, view.month):
        return sponsoring.months(view, view.month)
    return int(view.answers.get("months", "1"))


def price(view: View, plan: str, count: int | None = None, first: Month | None = None) -> Quote:
    """What a plan ("two" or "three" programmes) costs the worker, from the running month on unless another is named;
    no longer than a sponsor pays a part of it."""
    begin = first or view.month
    sponsor = sponsoring.paying(view, begin)
    priced = quoted(
        view.answers["income"],
        sector(view),
        PLANS[plan],
        begin,
        min(count or months(view), sponsoring.months(view, begin) or MOST_MONTHS.value),
        payer=sponsor.payer if sponsor else "self",
        employer=is_owner(view),
    )
    return less_share(priced, sponsor.share) if sponsor else priced


def order(view: View, first: Month, count: int) -> Order:
    """What the backend is asked to bill the person for: so many contribution months from `first`."""
    plan = view.answers["plan"]
    base = price(view, plan, count, first).base
    programmes = tuple(p for p in ("jkk", "jkm", "jht") if p in PLANS[plan])
    begun = Order(view.answers["occupation"], sector(view), base, programmes, first, count)
    sponsor = sponsoring.paying(view, first)
    if sponsor is None:
        return begun
    # A sponsor's months are all enrolled at once where nothing is left to pay; else as many as the worker chose.
    paid = sponsoring.months(view, first)
    count = paid if sponsoring.is_free(view, first) else min(count, paid)
    return replace(begun, months=count, payer=sponsor.payer, sponsor=sponsor.cohort, share=sponsor.share)


def price_line(view: View, plan: str) -> Say:
    """The price of a plan in words: the total, and the normal tariff beside a discount."""
    priced, sponsor = price(view, plan), sponsoring.paying(view, view.month)
    if sponsor and not priced.total:
        return Say("price.sponsored", {"sponsor": sponsor.name})
    if sponsor:
        own = {"total": Rupiah(priced.total), "months": len(priced.months), "sponsor": sponsor.name}
        return Say("price.partly", own)
    total = {"total": Rupiah(priced.total), "months": len(priced.months), "normal": Rupiah(priced.normal_total)}
    return Say("price.discounted" if priced.discount else "price.total", total)


def discount(view: View) -> tuple[Say, ...]:
    """Until which month the discount holds: the decree's last one, whether or not the chosen months reach it."""
    until = price(view, "two").discount_until
    return (Say("price.until", {"until": until}),) if until else ()


def estimate(view: View, plans: tuple[str, ...]) -> tuple[Say, ...]:
    """Say that it is an estimate, wherever one of the prices shown is no more than that."""
    priced = (price(view, plan) for plan in plans)
    doubts = {doubt for quote in priced if quote.total for doubt in quote.doubts}
    unsure = (Say("price.owner_unsure"),) if "owner" in doubts else ()
    return (*unsure, Say("price.estimate")) if doubts else ()
