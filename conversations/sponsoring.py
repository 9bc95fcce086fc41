"""A worker for whom somebody pays: what they are told, and until when it holds."""

from __future__ import annotations

import msgspec

from conversations.messages import Say
from conversations.months import Month
from conversations.programmes.sponsor import WHOLE, Sponsor
from conversations.steps.step import Consequence
from conversations.view import View

ANSWER = "sponsor"
"""Kept beside the answers, since it follows from the NIK."""


def of(view: View) -> Sponsor | None:
    """Who pays for the person spoken for, whether or not it is still so."""
    kept = view.answers.get(ANSWER)
    return msgspec.convert(kept, Sponsor) if kept else None


def paying(view: View, month: Month) -> Sponsor | None:
    """Who pays for a contribution month of the person spoken for."""
    sponsor = of(view)
    return sponsor if sponsor and sponsor.covers(month) else None


def months(view: View, first: Month) -> int:
    """How many contribution months from `first` are paid for, 0 for none."""
    sponsor = paying(view, first)
    return first.until(sponsor.last) + 1 if sponsor else 0


def is_free(view: View, first: Month) -> bool:
    """Tell whether nothing is left to pay: everything chosen is paid for."""
    sponsor = paying(view, first)
    return sponsor is not None and sponsor.share == WHOLE and view.answers.get("plan") != "three"


def found(view: View) -> Consequence:
    """Keep who pays for the NIK just given, and say so; a NIK nobody pays for loses the sponsor of an earlier one."""
    sponsor = view.facts.sponsors.get(view.answers.get("nik", ""))
    if sponsor is None or not sponsor.covers(view.month):
        return Consequence(view.with_answers({ANSWER: None}))
    kept = view.with_answers({ANSWER: msgspec.to_builtins(sponsor)})
    return Consequence(kept, (*told(kept, sponsor), Say("sponsor.place")))


def lost(view: View) -> bool:
    """Tell whether the place that was counted on went to somebody else before anything was handed on."""
    kept = of(view)
    return kept is not None and kept.cohort in view.facts.full


def without_place(view: View) -> Consequence:
    """Say so kindly and that going on alone is possible; what follows is shown anew, on the terms that hold now."""
    gone = of(view)
    known = {"who": view.who, "sponsor": gone.name if gone else ""}
    return Consequence(view.with_answers({ANSWER: None}), (Say("sponsor.full", known), Say("sponsor.alone", known)))


def taken_on(view: View, sponsor: Sponsor) -> Consequence:
    """Keep who pays from now on for somebody enrolled already, and say so."""
    kept = view.with_answers({ANSWER: msgspec.to_builtins(sponsor)})
    return Consequence(kept, told(kept, sponsor))


def told(view: View, sponsor: Sponsor) -> tuple[Say, ...]:
    """Who pays how much until when, and what is left for the worker."""
    known = {"who": view.who, "sponsor": sponsor.name, "until": sponsor.last, "share": sponsor.share}
    head = Say("sponsor.whole" if sponsor.share == WHOLE else "sponsor.part", known)
    return (head, Say("sponsor.jht")) if view.answers.get("plan") == "three" else (head,)
