"""How things stand, told at any time: for everybody of the chat, in safe wording."""

from __future__ import annotations

from conversations import receipt
from conversations.flows.enrolment import SHOWN
from conversations.messages import Lines, Say
from conversations.programmes.places import CALL_CENTRE
from conversations.session import Enrolment, Person
from conversations.view import View


def of_all(view: View) -> tuple[Say, ...]:
    """The status of each person of this chat; the mark of demo mode first."""
    if not view.session.people:
        return (*receipt.simulation(view), Say("status.nobody"))
    lines = tuple(line for person in view.session.people for line in of_person(view, person))
    return (*receipt.simulation(view), *lines, Say("status.check", {"call": CALL_CENTRE.value}))


def of_person(view: View, person: Person) -> tuple[Say, ...]:
    """Where one person stands."""
    who = view.having(current=person.number).called
    if person.enrolment is None:
        return (Say("status.draft", {"who": who}),)
    return (Say(f"status.{person.enrolment.state}", {"who": who}), *cover(person.enrolment))


def cover(enrolment: Enrolment) -> tuple[Say, ...]:
    """What is paid and what waits to be paid."""
    lines: tuple[Say, ...] = ()
    if enrolment.kpj:
        lines += (Say("status.kpj", {"kpj": enrolment.kpj}),)
    if enrolment.paid:
        lines += (Say("status.paid", {"last": max(enrolment.paid)}),)
    if enrolment.bill:
        lines += (receipt.code(enrolment.bill),)
    return lines


HELD_PAGE = "jamin:held"
"""What the core writes where the link to everything held goes; the shell makes it."""


def held(view: View) -> tuple[Say, ...]:
    """What is kept about the person spoken for, masked, and how to have it erased."""
    recaps = [(step, step.recap(view)) for step in SHOWN if step.name in view.answers]
    lines = tuple(
        Say("review.line", {"n": n, "label": Say(f"review.{step.name}"), "answer": answer})
        for n, (step, answer) in enumerate(((s, r) for s, r in recaps if r), start=1)
    )
    return (
        Say("held.list", {"who": view.called, "lines": Lines(lines)}) if lines else Say("held.nothing"),
        Say("held.page", {"link": HELD_PAGE}),
        Say("held.erase"),
    )
