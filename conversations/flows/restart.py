"""Beginning anew with one person, after one clear yes."""

from __future__ import annotations

from conversations.effects import EraseDraft
from conversations.flow import Flow
from conversations.flows.enrolment import forgotten
from conversations.messages import Say
from conversations.steps.step import Consequence
from conversations.steps.yes_no import YesNo
from conversations.switching import home, turn_to
from conversations.view import View


def restart(view: View) -> Consequence:
    """Throw the draft away after a yes."""
    if not view.session.side["restart"]:
        return Consequence(home(view), (Say("restart.kept"),))
    anew = turn_to(forgotten(view), 0)
    return Consequence(anew, (Say("restart.done"),), (EraseDraft(view.person.number),))


SPOKEN = {"yes": ("ulang", "dari awal"), "no": ("tidak jadi", "gak jadi", "batal")}

RESTART = Flow(
    "restart",
    steps=(YesNo("restart", spoken=SPOKEN, side=True, then=restart),),
    finish=lambda view: Consequence(home(view)),
)
