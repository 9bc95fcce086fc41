"""What a member's family would get if something happened today, from what was paid so far."""

from __future__ import annotations

from typing import Any

from conversations import cover
from conversations.messages import Rupiah, Say
from conversations.programmes import benefits
from conversations.programmes.brackets import Bracket, bracket_of
from conversations.programmes.fact import Fact
from conversations.programmes.places import CALL_CENTRE
from conversations.view import View

YEAR = 12


def told(view: View) -> tuple[Say, ...]:
    """The sums in one message; where the running month is not paid, that first."""
    known = amounts(view)
    deaths = (Say("family.work", known), other(view, known))
    return (*holds(view, known), *deaths, *school(view, known), *last(view, known))


def amounts(view: View) -> dict[str, Any]:
    """Every figure that the sentences name, in rupiah, months or years."""
    now, base = cover.standing(view), bracket(view).value.base
    return {
        "who": view.called,
        "base": Rupiah(base),
        "accident": Rupiah(benefits.accident_death(base).value.total),
        "natural": Rupiah(benefits.natural_death(now.jkm_months).value.total),
        "full": Rupiah(benefits.natural_death(benefits.JKM_FULL_AFTER_MONTHS.value).value.total),
        "after": benefits.JKM_FULL_AFTER_MONTHS.value,
        "from": now.jkm_full_from or now.next,
        "school": Rupiah(benefits.scholarship_max().value),
        "children": benefits.SCHOLARSHIP_CHILDREN.value,
        "years": benefits.SCHOLARSHIP_JKM_YEARS.value,
        "next": now.next,
        "call": CALL_CENTRE.value,
    }


def bracket(view: View) -> Fact[Bracket]:
    """The bracket that holds for the running month."""
    return bracket_of(cover.on_terms_of(view, view.month).answers["income"])


def holds(view: View, known: dict[str, Any]) -> tuple[Say, ...]:
    """For whom, and whether it is certain at all."""
    certain = cover.standing(view).state == "covered"
    return (Say("family.head", known), *(() if certain else (Say("family.uncertain", known),)))


def other(view: View, known: dict[str, Any]) -> Say:
    """The sum after a death not caused by work: in full, or what it is until then."""
    return Say("family.other_full" if cover.standing(view).jkm_full else "family.other", known)


def school(view: View, known: dict[str, Any]) -> tuple[Say, ...]:
    """The scholarship: at once after an accident at work, for other deaths after years of contributions."""
    years = cover.standing(view).jkm_months // YEAR
    later = () if years >= benefits.SCHOLARSHIP_JKM_YEARS.value else (Say("family.school_later", known),)
    return (Say("family.school", known), *later)


def last(view: View, known: dict[str, Any]) -> tuple[Say, ...]:
    """That the bracket is an estimate, where it is one; and who decides."""
    return (*(() if bracket(view).plain else (Say("explain.estimate"),)), Say("family.check", known))
