"""Coming back after a while: a short recap, and after 30 days the birth date before anything personal (law 8)."""

from __future__ import annotations

import datetime as dt

from conversations.flows import FLOWS
from conversations.flows.guard import LOCK_AFTER, known_dates, locked
from conversations.messages import Say
from conversations.steps.step import Consequence
from conversations.view import View

RECAP_AFTER = dt.timedelta(hours=12)


def wake(view: View) -> Consequence:
    """Note that the worker is here, greet one who returns, and lock a chat that was left for long."""
    last = view.session.last_at
    view = view.having(last_at=view.now)
    if view.session.continued and not view.session.told:
        went = Say("move.went", {"where": Say(f"channel.{view.session.continued.channel}")})
        return Consequence(view.having(told=True), (went,))
    away = view.now - last if last else dt.timedelta()
    if away < RECAP_AFTER or not view.session.people:
        return Consequence(view)
    if away >= LOCK_AFTER and known_dates(view):
        return locked(view)
    return Consequence(view, (recap(view),))


def recap(view: View) -> Say:
    """Say where the chat stopped."""
    flow = FLOWS[view.session.flow]
    step = flow.step(view.session.asked)
    if flow.name != "enrolment" or step is None:
        return Say("recap.back", {"who": view.who})
    now, total = flow.position(step, view)
    return Say("recap.enrolment", {"who": view.who, "n": now, "total": total})
