"""Becoming an agent: who they are, ten short lessons, a quiz, a promise. Staff decide, and only then a code is issued.

An agent must be a member themselves and of age (Peraturan BPJSTK 1/2023, Pasal 7); a volunteer only forwards a link.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from conversations.agency import held, noted
from conversations.effects import ApplyAsAgent, KeepMedia
from conversations.flow import Flow
from conversations.flows.explain import amounts
from conversations.messages import Say
from conversations.programmes.eligibility import MIN_AGE
from conversations.programmes.places import CALL_CENTRE
from conversations.steps.choice import Choice
from conversations.steps.lesson import Lesson, Quiz
from conversations.steps.name import Name
from conversations.steps.note import Note
from conversations.steps.picture import WITHOUT, Picture
from conversations.steps.place import Place
from conversations.steps.step import Consequence
from conversations.steps.yes_no import YesNo
from conversations.switching import home
from conversations.view import View

ROLES = ("agent", "counter", "coordinator", "volunteer")
LESSONS = 10
QUIZ = (("quiz_1", "b"), ("quiz_2", "c"), ("quiz_3", "a"), ("quiz_4", "c"), ("quiz_5", "b"))
"""The questions and their right answers; the words are in the catalogue."""

SPOKEN = {
    "agent": ("perisai", "agen"),
    "counter": ("loket", "petugas loket", "bank"),
    "coordinator": ("koordinator", "ketua"),
    "volunteer": ("relawan", "sebar link", "bagi tautan"),
}


def handles_data(view: View) -> bool:
    """Tell whether the role enters other people's data, which asks for a membership and a letter."""
    return view.session.side.get("agent_role") != "volunteer"


def no_member(view: View) -> bool:
    """Tell whether somebody who would enter data is no member themselves."""
    return handles_data(view) and view.session.side.get("agent_member") is False


def may_apply(view: View) -> bool:
    """Tell whether the application may go on."""
    return not no_member(view)


def known(view: View) -> dict[str, Any]:
    """What the lessons name: the amounts of the programmes, the age, the call centre."""
    return amounts(view) | {"age": MIN_AGE.value, "call": CALL_CENTRE.value}


def member_answered(view: View) -> Consequence:
    """A volunteer may go on at once; whoever enters data becomes a member first, and loses nothing."""
    if may_apply(view):
        return noted(view)
    answers = {name: value for name, value in view.session.side.items() if name != "agent_member"}
    waiting = view.having(agency=replace(held(view), answers=answers))
    return Consequence(home(waiting), (Say("agent_member.first"),))


def photo_given(view: View) -> Consequence:
    """Keep the photo for staff, who decide whether it is shown."""
    photo = view.session.side["agent_photo"]
    return noted(view)._replace(effects=() if photo == WITHOUT else (KeepMedia(photo, "photo"),))


def promised(view: View) -> Consequence:
    """Put the application before staff after the promise; without it there is none."""
    side = view.session.side
    if not side["agent_promise"]:
        kept = {name: value for name, value in side.items() if name != "agent_promise"}
        return Consequence(home(view.having(agency=replace(held(view), answers=kept))), (Say("agent_promise.none"),))
    data = {
        "name": side["agent_name"],
        "organisation": side["agent_organisation"],
        "letter": side.get("agent_letter", ""),
        "member": "yes" if side.get("agent_member") else "no",
        "photo": "no" if side.get("agent_photo", WITHOUT) == WITHOUT else "yes",
    }
    agency = replace(held(view), state="applied", role=side["agent_role"], answers=side)
    effect = ApplyAsAgent(side["agent_role"], side["agent_area"], data)
    return Consequence(home(view.having(agency=agency)), (Say("agency.sent"),), (effect,))


APPLY = Flow(
    "apply",
    steps=(
        Choice("agent_role", ROLES, spoken=SPOKEN, side=True, then=noted),
        YesNo("agent_member", values=known, side=True, when=handles_data, then=member_answered),
        Name("agent_name", side=True, then=noted),
        Note("agent_organisation", side=True, then=noted),
        Place("agent_area", side=True, then=noted),
        Note("agent_letter", side=True, when=handles_data, then=noted),
        Picture("agent_photo", side=True, when=handles_data, then=photo_given),
        *(Lesson(f"lesson_{n}", values=known, side=True, then=noted) for n in range(1, LESSONS + 1)),
        *(Quiz(name, right, values=known, side=True, then=noted) for name, right in QUIZ),
        YesNo("agent_promise", side=True, then=promised),
    ),
    finish=lambda view: Consequence(home(view)),
    form=True,
)
