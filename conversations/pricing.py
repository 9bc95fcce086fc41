"""What the person spoken for would pay, from their answers."""

from __future__ import annotations

from functools import lru_cache

from conversations.effects import Order
from conversations.messages import Rupiah, Say
from conversations.months import Month
from conversations.occupations import by_code
from conversations.programmes.contribution import PAIR, TRIO, Quote, quote
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
    """How many contribution months were chosen; one where nobody chose."""
    return int(view.answers.get("months", "1"))


def price(view: View, plan: str, count: int | None = None, first: Month | None = None) -> Quote:
    """The price of a plan ("two" or "three" programmes), from the running month on unless another is named."""
    answers, begin = view.answers, first or view.month
    return quoted(answers["income"], sector(view), PLANS[plan], begin, count or months(view), employer=is_owner(view))


def order(view: View, first: Month, count: int) -> Order:
    """What the backend is asked to bill the person for: so many contribution months from `first`."""
    plan = view.answers["plan"]
    base = price(view, plan, count, first).base
    programmes = tuple(p for p in ("jkk", "jkm", "jht") if p in PLANS[plan])
    return Order(view.answers["occupation"], sector(view), base, programmes, first, count)


def price_line(view: View, plan: str) -> Say:
    """The price of a plan in words: the total, and the normal tariff beside a discount."""
    priced = price(view, plan)
    total = {"total": Rupiah(priced.total), "months": len(priced.months), "normal": Rupiah(priced.normal_total)}
    return Say("price.discounted" if priced.discount else "price.total", total)


def discount(view: View) -> tuple[Say, ...]:
    """Until which month the discount holds: the decree's last one, whether or not the chosen months reach it."""
    until = price(view, "two").discount_until
    return (Say("price.until", {"until": until}),) if until else ()


def estimate(view: View, plans: tuple[str, ...]) -> tuple[Say, ...]:
    """Say that it is an estimate, wherever one of the prices shown is no more than that."""
    doubts = {doubt for plan in plans for doubt in price(view, plan).doubts}
    unsure = (Say("price.owner_unsure"),) if "owner" in doubts else ()
    return (*unsure, Say("price.estimate")) if doubts else ()
