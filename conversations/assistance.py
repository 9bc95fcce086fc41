"""An agent fills in for somebody who is with them; that person consents in a chat of their own.

What was filled in leaves the agent's chat under a code that the worker enters on their own phone: from then on only the
worker's chat holds it, and the agent sees no more of it. Somebody without a phone signs a form that staff look at
(`on_paper.py`). No consent is ever given in an agent's chat.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache

from conversations.agency import with_form
from conversations.codes import drawn
from conversations.effects import EraseDraft, KeepForm, NoteReferral, PassOn, TakeOver
from conversations.messages import Say
from conversations.referral import told
from conversations.retention import FORM_DAYS
from conversations.session import Agency, Answers, Origin, Person
from conversations.steps.step import Consequence
from conversations.switching import enter_side, turn_to
from conversations.turn import PassedOn
from conversations.view import View

GOOD_FOR = dt.timedelta(hours=24)
"""How long a code leads to what was filled in; then it is forgotten."""

FORM = "/formulir-izin.pdf"
"""Where the form to print is, that somebody without a phone signs."""

OF_THE_AGENT = frozenset({"assisted", "relation", "whom"})
"""Answers about who fills in; they stay behind."""


def is_assisted(view: View) -> bool:
    """Tell whether an agent fills in for the person spoken for."""
    return "assisted" in view.answers


@cache
def alone(applies: Callable[[View], bool]) -> Callable[[View], bool]:
    """For steps that only the worker themselves may answer."""
    return lambda view: applies(view) and not is_assisted(view)


def begin(view: View) -> Consequence:
    """Begin to fill in for somebody new."""
    number = max((person.number for person in view.session.people), default=0) + 1
    new = Person(number, {"whom": "other", "relation": "neighbour", "assisted": True})
    return Consequence(turn_to(view.with_person(new), number), (Say("assist.begin"),))


def passed_on(view: View) -> Consequence:
    """Let what was filled in leave this chat, or forget it; either way nothing of it stays here."""
    person, agency = view.person, view.session.agency
    left = tuple(p for p in view.session.people if p.number != person.number)
    without = turn_to(view.having(people=left, asked="", content=""), left[0].number if left else 0)
    erased = EraseDraft(person.number)
    if view.answers["passing_on"] == "cancel" or agency is None:
        return enter_side(without, "agency")._replace(says=(Say("assist.cancelled"),), effects=(erased,))
    code = drawn(f"{view.session.seed}/assisted/{person.number}/{view.session.asking}")
    answers = {name: value for name, value in person.answers.items() if name not in {*OF_THE_AGENT, "passing_on"}}
    leaves = on_paper if view.answers["passing_on"] == "paper" else to_phone
    done = leaves(without, agency, code, answers)
    return done._replace(says=(*done.says, Say("assist.yours")), effects=(erased, *done.effects))


def to_phone(view: View, agency: Agency, code: str, answers: Answers) -> Consequence:
    """Show the code to enter on the worker's own phone; at a shared screen, as a picture to scan too."""
    known = {"link": f"{view.facts.root}/?kode={code}", "code": code, "hours": GOOD_FOR // dt.timedelta(hours=1)}
    scan = (Say("assist.scan", {"link": f"{view.facts.root}/kode/{code}.png"}),) if agency.role == "counter" else ()
    passed = (PassOn(code, agency.code, answers),)
    return enter_side(view, "agency")._replace(says=(Say("assist.code", known), *scan), effects=passed)


def on_paper(view: View, agency: Agency, code: str, answers: Answers) -> Consequence:
    """Give the form a code, and ask for the photo of it once it is signed."""
    view = view.having(agency=with_form(view, code))
    asking = enter_side(view, "agency").view.having(side={"agency": "form", "form": code})
    told = Say("assist.paper", {"code": code, "link": f"{view.facts.root}{FORM}", "days": FORM_DAYS})
    return Consequence(asking, (told,), (KeepForm(code, agency.code, answers),))


def took_over(view: View, code: str, passed: PassedOn) -> Consequence:
    """The worker entered the code: what was filled in is theirs to check, to correct and to agree to."""
    number = max((person.number for person in view.session.people), default=0) + 1
    answers: Answers = {"whom": "self" if number == 1 else "other", **passed.answers}
    view = turn_to(view.with_person(Person(number, answers)), number)
    origin = view.session.origin or Origin(passed.agent, passed.referral.kind, view.now)
    says = (*told(passed.referral), Say("assist.check"))
    return Consequence(view.having(origin=origin), says, (TakeOver(code), NoteReferral(passed.agent)))
