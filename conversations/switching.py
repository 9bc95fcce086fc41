"""Between flows: a side flow opens over the main one and closes again; the main flow follows from the person."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from conversations.asking import word_value
from conversations.messages import Button, Reply, Say
from conversations.session import Person, fresh
from conversations.steps.step import Consequence
from conversations.view import View

MAIN = ("enrolment", "membership")
REFUTING = ("differs", "unknown_nik")


def enter_side(view: View, flow: str) -> Consequence:
    """Open a side flow; what was open waits."""
    return Consequence(view.having(flow=flow, side={}, reopened=""))


def aside(view: View) -> bool:
    """Tell whether a side flow is open."""
    return view.session.flow not in MAIN


def home(view: View) -> View:
    """Open the main flow of the person spoken for; a side flow is over. What the registration refuted is open again."""
    flow = main_flow(view.person)
    return view.having(flow=flow, side={}, reopened=refuted(view.person) if flow == "enrolment" else "")


def turn_to(view: View, number: int) -> View:
    """Speak for another person of this chat (0: somebody new), in the main flow that is theirs."""
    return home(view.having(current=number))


def emptied(view: View) -> View:
    """The same chat as if it had never spoken; only its asking ids go on, so that old buttons stay old."""
    asking, answered = view.session.asking, view.session.answered
    return view.on(replace(fresh(view.session.locale, view.session.seed), asking=asking, answered=answered))


def farewell(key: str, *, way: str = "word.menu", **values: Any) -> Reply:
    """A last word, with nothing asked; a tap on `way` begins again."""
    return Reply((Say(key, values),), (Button(Say(way), word_value("menu")),))


CASE_AFTER_FAILURES = 2
"""From so many failed identity checks on, a person of ours looks at it, and nothing is opened again unasked."""


def refuted(person: Person) -> str:
    """The answer that the registration system found wrong, as long as it stands and may be corrected alone."""
    identity = person.identity
    if identity is None or identity.failures >= CASE_AFTER_FAILURES or identity.verdict not in REFUTING:
        return ""
    return identity.fields[0] if identity.fields else "nik"


def main_flow(person: Person) -> str:
    """Enrolment until something was handed on, membership from then on."""
    enrolment = person.enrolment
    return "membership" if enrolment and enrolment.state != "refused" else "enrolment"
