"""Who sent somebody: an agent, a meeting of theirs, or a campaign; told to the worker, and theirs to decline.

The first link counts. It holds for `WINDOW`; after that, while nothing was handed on, a newer link takes its place.
What is said of an agent is what Jamin has on record, never that they are official: we cannot certify that.
"""

from __future__ import annotations

import datetime as dt
import re

from conversations.effects import NoteReferral
from conversations.messages import Say
from conversations.programmes.places import CALL_CENTRE
from conversations.session import Origin
from conversations.steps.step import Consequence
from conversations.switching import main_flow
from conversations.turn import Referral
from conversations.view import View

WINDOW = dt.timedelta(days=30)
_SAID = re.compile(r"\s*kode[\s:]+([A-Za-z0-9_-]{4,32})\s*", re.IGNORECASE)


def came(view: View, code: str, referral: Referral) -> Consequence:
    """Take the code of a link: remember who sent the worker, tell it, and say how to decline."""
    if is_own(view, code) or not is_open(view, code):
        return Consequence(view)
    origin = Origin(code, referral.kind, view.now)
    return Consequence(view.having(origin=origin), told(referral), (NoteReferral(code),))


def code_said(text: str) -> str:
    """Give the code that a text types ("kode ABC123"); "" for any other text."""
    said = _SAID.fullmatch(text)
    return said[1].upper() if said else ""


def told(referral: Referral) -> tuple[Say, ...]:
    """Say who sent the worker, what is on record about them, and how to check and to decline."""
    known = {
        "name": referral.name,
        "organisation": referral.organisation,
        "letter": referral.letter,
        "call": CALL_CENTRE.value,
    }
    recorded = (Say("referral.recorded", known),) if referral.letter else ()
    return (Say(f"referral.{referral.kind}", known), *recorded, Say("referral.decline"))


def is_own(view: View, code: str) -> bool:
    """Tell whether an agent opened their own link."""
    return view.session.agency is not None and view.session.agency.code == code


def is_open(view: View, code: str) -> bool:
    """Tell whether a link counts: it is the first, or the first has lapsed with nothing handed on."""
    origin = view.session.origin
    if origin is None:
        return True
    if origin.code == code or any(main_flow(person) == "membership" for person in view.session.people):
        return False
    return origin.at is None or view.now - origin.at >= WINDOW


def declined(view: View) -> Consequence:
    """Forget who sent the worker; nothing else changes for them."""
    origin = view.session.origin
    if origin is None:
        return Consequence(view, (Say("referral.nobody"),))
    return Consequence(view.having(origin=None), (Say("referral.declined"),), (NoteReferral(origin.code, kept=False),))


def may_be_followed(view: View) -> bool:
    """Tell whether an agent stands behind the link, who could be let see how it goes."""
    return view.session.origin is not None and view.session.origin.kind in ("agent", "event")
