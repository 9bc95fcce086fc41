"""Somebody without a phone agrees on paper: the agent sends a photo of the signed form, and staff look at it.

What was filled in leaves the agent's chat at once, as it does for a second phone. Once the form is good the person gets
a chat of their own that nobody reads (`address_of`), so that enrolment, bill and payments are kept as for everybody.
"""

from __future__ import annotations

from conversations.agency import open_forms, with_form, without_form
from conversations.effects import DecideForm, GiveForm, KeepMedia, NoteReferral, RecordConsent, SendForm
from conversations.flows.enrolment import CONSENT_VERSION, submitted
from conversations.messages import Address, FormDecided, Say, SignedOnPaper
from conversations.session import Origin, Person
from conversations.steps.picture import WITHOUT
from conversations.steps.step import Consequence
from conversations.switching import turn_to
from conversations.view import View

CHANNEL = "paper"


def address_of(code: str) -> Address:
    """The chat of the person who signed the form with this code."""
    return Address(CHANNEL, "jamin", code)


def is_on_paper(view: View) -> bool:
    """Tell whether the person spoken for has no phone."""
    return "on_paper" in view.answers


# --- in the agent's chat ---------------------------------------------------------------------------------------------


def form_asked(view: View) -> str:
    """The code of the form whose photo is asked for: the one that was chosen, else the only one."""
    return view.session.side.get("form") or next(iter(open_forms(view)), "")


def sent(view: View) -> Consequence:
    """Put the form before staff with its photo, or leave it for later."""
    code, photo = form_asked(view), view.session.side["signed"]
    if photo == WITHOUT:
        return Consequence(view.having(side={}), (Say("signed.later", {"code": code}),))
    told = Say("signed.sent", {"code": code})
    effects = (KeepMedia(photo, "photo"), SendForm(code))
    return Consequence(view.having(agency=without_form(view, code), side={}), (told,), effects)


def decided(view: View, what: FormDecided) -> Consequence:
    """Tell the agent what staff say of a form; one that is sent back may be photographed anew."""
    effect = DecideForm(what.code, "accepted" if what.good else "open", what.by)
    known = {"code": what.code, "reason": what.reason}
    if what.good:
        return Consequence(view, (Say("form.good", known),), (effect,))
    again = view.having(agency=with_form(view, what.code))
    return Consequence(again, (Say("form.back", known), Say("agency.reason", known)), (effect,))


# --- in the person's own ---------------------------------------------------------------------------------------------


def signed(view: View, what: SignedOnPaper) -> Consequence:
    """Hand on what the person agreed to by hand; told twice it is handed on once."""
    if view.session.people:
        return Consequence(view)
    agreed = {"consent": True, "consented_at": view.now.isoformat(), "agent_sees": what.sees, "remind": False}
    person = Person(1, {"whom": "self", **what.answers, **agreed, "on_paper": True})
    origin = Origin(what.agent, what.behind, view.now)
    handed = submitted(turn_to(view.with_person(person).having(origin=origin), 1))
    consents = (
        RecordConsent(1, "enrol", CONSENT_VERSION, given=True),
        RecordConsent(1, "agent", CONSENT_VERSION, given=what.sees),
    )
    return handed._replace(effects=(GiveForm(what.code), NoteReferral(what.agent), *consents, *handed.effects))
