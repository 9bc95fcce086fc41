"""The pictures that go with messages, in words: proof of status, a QRIS code, what a family would get.

The proof of status is no imitation of the official card: it says so, and how to get the official one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from conversations import cover, family, receipt, status
from conversations.messages import Paper, Rupiah, Say
from conversations.pricing import PLANS
from conversations.programmes.calendar import CARD_WITHIN_DAYS
from conversations.programmes.places import APP, CALL_CENTRE
from conversations.steps.nik import masked
from conversations.view import View

VALIDITY = "validity"
"""In place of what a QR code holds: the address of the page that tells whether the proof is still valid."""


class Sheet(NamedTuple):
    """What stands on a picture: a title, lines, small print; `qr` is what its code holds or VALIDITY, "" for none."""

    title: Say
    lines: tuple[Say, ...]
    small: tuple[Say, ...]
    qr: str = ""


def about(view: View, kind: str) -> Paper:
    """A picture about the person spoken for."""
    return Paper(kind, view.person.number)


def sheet(view: View, kind: str) -> Sheet | None:
    """What stands on a picture of that kind now; None where there is nothing to show any more."""
    return SHEETS[kind](view) if cover.is_member(view) and not view.session.locked else None


def proof(view: View) -> tuple[Say, ...]:
    """The proof of status in words, as it is said beside the picture and where there are no pictures."""
    return (*receipt.simulation(view), Say("card.title"), *lines(view), official())


def lines(view: View) -> tuple[Say, ...]:
    """Name, masked NIK, number, programmes, and how the membership stands today."""
    answers, held = view.answers, cover.enrolment(view)
    plan = cover.on_terms_of(view, view.month).answers["plan"]
    known = {
        "name": answers.get("name", ""),
        "nik": masked(answers["nik"]) if "nik" in answers else "",
        "kpj": held.kpj,
        "programmes": tuple(Say(f"card.programme.{name}") for name in ("jkk", "jkm", "jht") if name in PLANS[plan]),
        "today": view.today,
    }
    return (Say("card.person", known), *status.cover_lines(view)[:1], Say("card.today", known))


def official() -> Say:
    """That this is no official card, and where that is."""
    return Say("card.official", {"app": APP.value, "days": CARD_WITHIN_DAYS.value, "call": CALL_CENTRE.value})


def card_sheet(view: View) -> Sheet:
    """The proof of status, with the way to check it."""
    return Sheet(Say("card.title"), lines(view), (official(), Say("card.scan")), VALIDITY)


def qris_sheet(view: View) -> Sheet | None:
    """The QRIS code of the bill that is open, if the backend sent one."""
    bill = cover.open_bill(view)
    if bill is None or not bill.qris:
        return None
    known = {"total": Rupiah(bill.total), "code": bill.code, "expires": receipt.last_day(bill.expires)}
    return Sheet(Say("qris.title"), (Say("qris.bill", known),), (Say("qris.check"),), bill.qris)


def family_sheet(view: View) -> Sheet:
    """What the family would get now."""
    said = family.told(view)
    return Sheet(Say("family.title"), said[:-1], said[-1:])


SHEETS: dict[str, Callable[[View], Sheet | None]] = {"card": card_sheet, "qris": qris_sheet, "family": family_sheet}
