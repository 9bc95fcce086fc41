"""Between flows: a side flow opens over the main one and closes again; the main flow follows from the person."""

from __future__ import annotations

from typing import Any

from conversations.asking import word_value
from conversations.messages import Button, Reply, Say
from conversations.session import Person
from conversations.steps.step import Consequence
from conversations.view import View

MAIN = ("enrolment", "membership")


def enter_side(view: View, flow: str) -> Consequence:
    """Open a side flow; what was open waits."""
    return Consequence(view.having(flow=flow, side={}, reopened=""))


def aside(view: View) -> bool:
    """Tell whether a side flow is open."""
    return view.session.flow not in MAIN


def home(view: View) -> View:
    """Open the main flow of the person spoken for; a side flow is over."""
    return view.having(flow=main_flow(view.person), side={}, reopened="")


def turn_to(view: View, number: int) -> View:
    """Speak for another person of this chat (0: somebody new), in the main flow that is theirs."""
    return home(view.having(current=number))


def farewell(key: str, **values: Any) -> Reply:
    """A last word, with nothing asked; a tap begins again."""
    return Reply((Say(key, values),), (Button(Say("word.menu"), word_value("menu")),))


def main_flow(person: Person) -> str:
    """Enrolment until something was handed on, membership from then on."""
    enrolment = person.enrolment
    return "membership" if enrolment and enrolment.state != "refused" else "enrolment"
