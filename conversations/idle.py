"""Coming back after a while: a short recap, and after 30 days the birth date before anything personal (law 8)."""

from __future__ import annotations

import datetime as dt

from conversations.flows import FLOWS
from conversations.messages import Say
from conversations.steps.step import Consequence
from conversations.switching import enter_side
from conversations.view import View

RECAP_AFTER = dt.timedelta(hours=12)
LOCK_AFTER = dt.timedelta(days=30)


def wake(view: View) -> Consequence:
    """Note that the worker is here, greet one who returns, and lock a chat that was left for long."""
    last = view.session.last_at
    view = view.having(last_at=view.now)
    away = view.now - last if last else dt.timedelta()
    if away < RECAP_AFTER or not view.session.people:
        return Consequence(view)
    if away >= LOCK_AFTER and guarded(view):
        return enter_side(view.having(locked=True), "guard")
    return Consequence(view, (recap(view),))


def guarded(view: View) -> bool:
    """Tell whether there is a birth date to ask for."""
    return any("birth_date" in person.answers for person in view.session.people)


def recap(view: View) -> Say:
    """Say where the chat stopped."""
    flow = FLOWS[view.session.flow]
    step = flow.step(view.session.asked)
    if flow.name != "enrolment" or step is None:
        return Say("recap.back", {"who": view.who})
    now, total = flow.position(step, view)
    return Say("recap.enrolment", {"who": view.who, "n": now, "total": total})
