"""How things stand, told at any time: for everybody of the chat, in safe wording."""

from __future__ import annotations

from conversations import cover, receipt, sponsoring
from conversations.flows.enrolment import SHOWN
from conversations.messages import Lines, Say
from conversations.programmes.benefits import JKM_FULL_AFTER_MONTHS
from conversations.programmes.places import CALL_CENTRE
from conversations.session import Person
from conversations.view import View


def of_all(view: View) -> tuple[Say, ...]:
    """The status of each person of this chat; the mark of demo mode first."""
    if not view.session.people:
        return (*receipt.simulation(view), Say("status.nobody"))
    lines = tuple(line for person in view.session.people for line in of_person(view, person))
    return (*receipt.simulation(view), *lines, Say("status.check", {"call": CALL_CENTRE.value}))


def of_person(view: View, person: Person) -> tuple[Say, ...]:
    """Where one person stands."""
    about = view.having(current=person.number)
    if person.enrolment is None:
        return (Say("status.draft", {"who": about.called}),)
    told = Say(f"status.{person.enrolment.state}", {"who": about.called})
    return (told, *of_member(about)) if cover.is_member(about) else (told,)


def of_member(view: View) -> tuple[Say, ...]:
    """The number, what is paid, what comes next, what waits to be paid."""
    bill, begins = cover.open_bill(view), cover.change_begins(view)
    kpj = cover.enrolment(view).kpj
    return (
        *((Say("status.kpj", {"kpj": kpj}),) if kpj else ()),
        *cover_lines(view),
        *sponsored(view),
        *((Say("status.change", {"first": begins}),) if begins else ()),
        *((receipt.code(bill),) if bill else ()),
    )


def sponsored(view: View) -> tuple[Say, ...]:
    """Who pays, and until when; nothing where the worker pays alone."""
    sponsor = sponsoring.paying(view, view.month)
    return (Say("status.sponsor", {"sponsor": sponsor.name, "until": sponsor.last}),) if sponsor else ()


def cover_lines(view: View) -> tuple[Say, ...]:
    """How the membership stands, and the months that count for the full JKM while they are too few."""
    now = cover.standing(view)
    known = {
        "since": now.since,
        "last": now.until,
        "next": now.next,
        "due": now.due,
        "owed": now.owed,
        "inactive": now.inactive_from,
    }
    stands = Say(f"status.is.{now.state}", known)
    if now.jkm_full_from is None or now.jkm_full:
        return (stands,)
    counted = {"months": now.jkm_months, "after": JKM_FULL_AFTER_MONTHS.value, "from": now.jkm_full_from}
    return (stands, Say("status.jkm", counted))


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
