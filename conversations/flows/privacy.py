"""Erasing everything we know, and withdrawing a consent, each after one clear yes (UU 27/2022)."""

from __future__ import annotations

from conversations.effects import AnyEffect, EraseChat, EraseDraft, OpenCase, RecordConsent, StopProcessing
from conversations.flow import Flow
from conversations.flows.enrolment import CONSENT_VERSION, forgotten
from conversations.messages import Say
from conversations.programmes.places import CALL_CENTRE
from conversations.steps.step import Consequence
from conversations.steps.yes_no import YesNo
from conversations.switching import emptied, farewell, home
from conversations.view import View


def erase(view: View) -> Consequence:
    """Erase after a yes; after a no everything stays."""
    if not view.session.side["erase"]:
        return Consequence(home(view), (Say("erase.kept"),))
    handed_on = any(p.enrolment and p.enrolment.state != "refused" for p in view.session.people)
    last = farewell("erase.done_handed_on" if handed_on else "erase.done", call=CALL_CENTRE.value)
    return Consequence(emptied(view), (), (EraseChat(),), last)


SPOKEN = {"yes": ("hapus", "hapus semua"), "no": ("tidak jadi", "gak jadi", "batal", "jangan", "tidak", "gak")}

SPOKEN_WITHDRAW = {"yes": ("cabut", "batalkan"), "no": ("tidak jadi", "gak jadi", "jangan")}

ERASE = Flow(
    "erase",
    steps=(YesNo("erase", spoken=SPOKEN, side=True, then=erase),),
    finish=lambda view: Consequence(home(view)),
)


def withdraw(view: View) -> Consequence:
    """Stop after a yes: nothing more is handed on, nobody is reminded, no agent sees anything. A draft is erased; what
    the backend already has it keeps, and staff take it from there."""
    if not view.session.side["withdraw"]:
        return Consequence(home(view), (Say("withdraw.kept"),))
    number = view.person.number
    records = tuple(RecordConsent(number, purpose, CONSENT_VERSION, given=False) for purpose in PURPOSES)
    if view.person.enrolment is None:
        stopped: tuple[AnyEffect, ...] = (StopProcessing(number), *records, EraseDraft(number))
        return Consequence(forgotten(view), (), stopped, farewell("withdraw.done"))
    case = OpenCase("withdrawn", number)
    view = view.with_answers({"remind": False, "agent_sees": False})
    told = Say("withdraw.handed_on", {"who": view.called, "call": CALL_CENTRE.value})
    return Consequence(home(view), (told,), (StopProcessing(number), *records, case))


PURPOSES = ("enrol", "remind", "agent")
"""What a person may have agreed to."""

WITHDRAW = Flow(
    "withdraw",
    steps=(YesNo("withdraw", spoken=SPOKEN_WITHDRAW, side=True, then=withdraw),),
    finish=lambda view: Consequence(home(view)),
)
