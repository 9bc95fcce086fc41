"""A worker as an agent: where their application stands, and what staff decide about it."""

from __future__ import annotations

from msgspec.structs import replace

from conversations.messages import AgencyDecided, Say
from conversations.session import Agency
from conversations.steps.step import Consequence
from conversations.switching import enter_side
from conversations.view import View

OPEN_TO_APPLY = ("drafting", "refused")


def held(view: View) -> Agency:
    """What the worker is as an agent; nothing yet reads as an empty application."""
    return view.session.agency or Agency()


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
    agency = replace(view.session.agency, state=what.state, role=what.role or held(view).role)
    if what.state == "active":
        agency = replace(agency, code=what.code)
    known = {"code": agency.code, "reason": what.reason}
    why = (Say("agency.reason", known),) if what.reason else ()
    return Consequence(view.having(agency=agency), (Say(f"agency.now.{what.state}", known), *why))
