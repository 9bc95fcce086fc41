"""Erasing everything we know, after one clear yes."""

from __future__ import annotations

from conversations.effects import EraseChat
from conversations.flow import Flow
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

ERASE = Flow(
    "erase",
    steps=(YesNo("erase", spoken=SPOKEN, side=True, then=erase),),
    finish=lambda view: Consequence(home(view)),
)
