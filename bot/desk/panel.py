"""What stands beside a conversation: the question the bot stopped at, and the enrolment of the person it is about."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from bot.desk.masking import hidden, masked_number, masked_text, masked_words
from bot.desk.pages import rupiah
from bot.desk.room import Room
from conversations.flows import FLOWS
from conversations.flows.enrolment import SHOWN
from conversations.session import Enrolment, Person, Session, decode
from conversations.turn import Facts
from conversations.view import View
from storage.cases import Case
from storage.chats import Chat

MASKS = {"nik": masked_number, "phone": masked_number, "kpj": masked_number, "name": masked_words}
PERSONAL = ("nik", "name", "birth_date", "phone", "email", "kpj")
"""Fields that are masked until somebody says why they must see them."""


class Field(NamedTuple):
    """One thing known about the person: its name, how it is shown, and whether it can be revealed."""

    name: str
    shown: str
    masked: bool


class Panel(NamedTuple):
    """The side panel: the bot's open question, what is known of the person, where their enrolment stands."""

    asks: str
    fields: list[Field]
    state: str
    bill: str


def session_of(chat: Chat | None) -> Session | None:
    """Return a chat's session; None once it is erased, or before it spoke."""
    return decode(chat.session) if chat and chat.session else None


def person_in(session: Session | None, number: int) -> Person | None:
    """Return the person a case is about."""
    people = session.people if session else ()
    return next((person for person in people if person.number == number), None)


def panel_of(room: Room, case: Case, session: Session | None, now: dt.datetime) -> Panel:
    """Put together what stands beside the conversation of a case; of an anonymous one, nothing about the person."""
    if session is None:
        return Panel("", [], "", "")
    person = None if case.anonymous else person_in(session, case.person)
    enrolment = person.enrolment if person else None
    view = View(session, Facts(), now)
    return Panel(
        asks=_question(room, view),
        fields=_fields(room, view.having(current=person.number), person) if person else [],
        state=enrolment.state if enrolment else "",
        bill=_bill(room, enrolment),
    )


def values_of(person: Person) -> dict[str, str]:
    """Return what is personal about somebody, in clear, by field."""
    known: dict[str, Any] = dict(person.answers)
    known["kpj"] = person.enrolment.kpj if person.enrolment else ""
    return {name: str(known[name]) for name in PERSONAL if known.get(name)}


def _question(room: Room, view: View) -> str:
    """Return the bot's open question, as it would be put again."""
    flow = FLOWS.get(view.session.flow)
    step = flow.step(view.session.asked) if flow else None
    return masked_text("\n".join(room.say(say.key, **say.values) for say in step.short(view))) if step else ""


def _fields(room: Room, view: View, person: Person) -> list[Field]:
    clear = values_of(person)
    found = []
    for step in SHOWN:
        if step.name in clear:
            found.append(Field(step.name, MASKS.get(step.name, hidden)(clear[step.name]), masked=True))
        elif step.name in person.answers and (recap := step.recap(view)):
            found.append(Field(step.name, room.say(recap.key, **recap.values), masked=False))
    if "kpj" in clear:
        found.append(Field("kpj", masked_number(clear["kpj"]), masked=True))
    return found


def _bill(room: Room, enrolment: Enrolment | None) -> str:
    if enrolment is None or enrolment.bill is None:
        return ""
    return room.say("desk.panel.bill", total=rupiah(enrolment.bill.total), n=str(enrolment.bill.months))
