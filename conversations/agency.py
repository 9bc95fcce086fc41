"""A worker as an agent: where their application stands, and what staff decide about it."""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from conversations.messages import AgencyDecided, Say
from conversations.retention import FORM_DAYS
from conversations.session import Agency, PaperForm
from conversations.steps.step import Consequence
from conversations.switching import enter_side
from conversations.view import View

OPEN_TO_APPLY = ("drafting", "refused")


def held(view: View) -> Agency:
    """What the worker is as an agent; nothing yet reads as an empty application."""
    return view.session.agency or Agency()


def open_forms(view: View) -> tuple[str, ...]:
    """The codes of the forms whose photo can still be sent: what was filled in for the others is forgotten by now."""
    kept = dt.timedelta(days=FORM_DAYS)
    return tuple(form.code for form in held(view).forms if view.now - form.since < kept)


def with_form(view: View, code: str) -> Agency:
    """The agency with a form whose photo is awaited from now on."""
    return replace(without_form(view, code), forms=(*without_form(view, code).forms, PaperForm(code, view.now)))


def without_form(view: View, code: str) -> Agency:
    """The agency with one form less whose photo is awaited, and without those that are forgotten."""
    still = frozenset(open_forms(view)) - {code}
    return replace(held(view), forms=tuple(form for form in held(view).forms if form.code in still))


def opened(view: View) -> Consequence:
    """Open what an agent can do, or the application at the question where it stopped."""
    agency = held(view)
    if agency.state == "active":
        return enter_side(view, "agency")
    if agency.state not in OPEN_TO_APPLY:
        return Consequence(view, (Say(f"agency.{agency.state}"),))
    entered = enter_side(view, "apply")
    return entered._replace(view=entered.view.having(side=agency.answers))


def noted(view: View) -> Consequence:
    """Keep the answers of the application given so far: a pause must not cost them."""
    return Consequence(view.having(agency=replace(held(view), answers=view.session.side)))


def decided(view: View, what: AgencyDecided) -> Consequence:
    """Take the decision of staff and tell it; without an application there is nothing to decide."""
    if view.session.agency is None:
        return Consequence(view)
    before = view.session.agency
    agency = replace(before, state=what.state, role=what.role or before.role)
    if what.state == "active":
        agency = replace(agency, code=what.code)
    if before.state == "active" == what.state:
        told = Say("agency.role", {"role": Say(f"agent_role.{agency.role}")})
        return Consequence(view.having(agency=agency), (told,) if before.role != agency.role else ())
    known = {"code": agency.code, "reason": what.reason}
    why = (Say("agency.reason", known),) if what.reason else ()
    return Consequence(view.having(agency=agency), (Say(f"agency.now.{what.state}", known), *why))
