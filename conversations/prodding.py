"""An agent has somebody reminded of going on: sent by us, so that no agent needs a number, and only where welcome.

A person is nudged once in `EVERY`, whoever asks for it, and only while they let the agent see how it goes.
"""

from __future__ import annotations

import datetime as dt

from msgspec.structs import replace

from conversations import cover, receipt
from conversations.effects import NoteNudge
from conversations.messages import AgentNudges, Say
from conversations.steps.step import Consequence
from conversations.switching import main_flow
from conversations.view import View

EVERY = dt.timedelta(days=7)


def nudged(view: View, what: AgentNudges) -> Consequence:
    """Remind a person for their agent, unless that is not welcome, too soon, or there is nothing left to do."""
    about = view.having(current=what.person)
    if not is_welcome(about, what) or (said := reminder(about, what)) is None:
        return Consequence(view)
    about = about.with_person(replace(about.person, nudged_at=view.now))
    here = about.having(current=view.session.current)
    return Consequence(here, (*receipt.simulation(view), *said), (NoteNudge(what.person, what.code),))


def is_welcome(about: View, what: AgentNudges) -> bool:
    """Tell whether the person came by this agent, lets them see, isn't with staff, and wasn't nudged lately."""
    origin, last = about.session.origin, about.person.nudged_at
    if origin is None or origin.code != what.code or about.answers.get("agent_sees") is not True:
        return False
    return not about.session.case and (last is None or about.now - last >= EVERY)


def reminder(about: View, what: AgentNudges) -> tuple[Say, ...] | None:
    """What there is to go on with: the draft, or the contribution; None where all is done."""
    known = {"name": what.name, "who": about.called}
    if main_flow(about.person) == "enrolment":
        return (Say("nudge.draft", known), Say("nudge.decline"))
    wanted = cover.is_member(about) and about.answers.get("remind") is not False
    if not wanted or cover.standing(about).state in ("covered", "upcoming"):
        return None
    bill = cover.open_bill(about)
    code = (receipt.code(bill),) if bill else ()
    return (Say("nudge.due", {**known, "month": cover.standing(about).next}), *code, Say("nudge.decline"))
