"""A change that staff offer: the worker sees it and says yes or no; without a yes nothing changes.

The desk asks `change` first, with the same readers, so that what can't be read is never sent.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from conversations import cover
from conversations.asking import option_value
from conversations.casework import is_over, resume_button
from conversations.flows import FLOWS
from conversations.flows.enrolment import ENROLMENT, SHOWN
from conversations.flows.guard import is_guarded
from conversations.letters import letter
from conversations.messages import Button, Reply, Say, StaffLeads, StaffProposes, Text
from conversations.reading.yes_no import read_yes_no
from conversations.session import Proposal
from conversations.steps.step import Answer, Consequence, Step
from conversations.switching import enter_side, home, main_flow, turn_to
from conversations.view import View

PROPOSAL = "proposal"
"""The step that the buttons of an offer name; no flow has it."""

FIELDS = tuple(step.name for step in SHOWN)
"""The answers that staff may offer to change: those of the review."""

OF_THE_WORKER = frozenset({"guard", "occupied", "withdraw", "erase", "apply", "agency"})
"""What only the worker begins: the lock, rights over one's data, moving, an agent's side."""

LEADABLE = tuple(name for name in FLOWS if name not in OF_THE_WORKER)
"""The flows that staff may send a worker into."""

OF_MEMBERS = frozenset({"pay", "terms"})
"""Flows that only a member has; anybody else is led back to where they are."""


class Change(NamedTuple):
    """A change that can be made: the step, and its new answer."""

    step: Step
    answer: Answer


def change(view: View, field: str, value: str) -> Change | Say:
    """Read what staff offer for the draft of the person spoken for; where it can't be done gives why, for staff."""
    if is_guarded(view) or not view.session.current or main_flow(view.person) != ENROLMENT.name:
        return Say("staff.proposal.no_draft")
    step = ENROLMENT.step(field) if field in FIELDS else None
    # What wasn't asked yet can't be given by staff either: the consent comes before the data.
    if step is None or not (step.answered(view) or view.session.asked == field):
        return Say("staff.proposal.not_asked")
    move = step.read(Text(value), view)
    if isinstance(move, Answer) and move.value is not None and not move.stay:
        return Change(step, move)
    return Say("staff.proposal.unreadable")


def staff_proposed(view: View, what: StaffProposes) -> Consequence:
    """Offer the change; one that can't be made any more is dropped."""
    wanted = change(view, what.field, what.value)
    if isinstance(wanted, Say) or is_over(view, what.case):
        return Consequence(view)
    offer = view.session.offers + 1
    proposal = Proposal(view.session.current, what.field, what.value, offer)
    known = {"operator": what.operator, "label": Say(f"review.{what.field}"), "answer": shown(view, wanted)}
    return Consequence(
        view.having(offers=offer, proposal=proposal),
        instead=Reply(
            (Say("staff.proposes", known),),
            (*choices(offer), *((resume_button(),) if view.session.case else ())),
            template=letter(view, "staff_answered"),
        ),
    )


def shown(view: View, wanted: Change) -> Say | str:
    """The new answer as the review would show it."""
    step, answer = wanted
    changes = {**answer.also, step.name: answer.value}
    return step.recap(view.with_answers(changes)) or ""


def choices(offer: int) -> tuple[Button, ...]:
    """Yes and no, bound to this offer (law 7)."""
    return tuple(Button(Say(f"staff.proposal.{name}"), option_value(offer, PROPOSAL, name)) for name in ("yes", "no"))


def typed(view: View, text: str) -> bool | None:
    """Read a typed yes or no to the offer that was said last; None for anything else."""
    proposal = view.session.proposal
    return read_yes_no(text, view.today).value if proposal and proposal.last else None


def behind(view: View) -> View:
    """The same moment once another question is put: a typed yes is then for that one, a tap still for the offer."""
    proposal = view.session.proposal
    return view.having(proposal=replace(proposal, last=False)) if proposal and proposal.last else view


def accepted(view: View) -> Change | None:
    """The change that a yes makes; None where the chat has moved on since."""
    proposal = view.session.proposal
    if proposal is None or proposal.person != view.session.current:
        return None
    wanted = change(view, proposal.field, proposal.value)
    return None if isinstance(wanted, Say) else wanted


def staff_led(view: View, what: StaffLeads) -> Consequence:
    """Go on with the bot in the flow that staff chose; a locked chat stays locked."""
    if what.flow not in LEADABLE or is_guarded(view) or is_over(view, what.case):
        return Consequence(view)
    led = into(view.having(case=False, misses=0, proposal=None), what.flow)
    said = Say("staff.leads", {"flow": Say(f"flow.{led.session.flow}")})
    return Consequence(led, (said,), template=letter(view, "staff_answered"))


def into(view: View, flow: str) -> View:
    """Open a flow: the form for somebody new where this person is through it."""
    if flow == ENROLMENT.name and main_flow(view.person) != flow:
        return turn_to(view, 0)
    if flow in (ENROLMENT.name, "membership") or (flow in OF_MEMBERS and not cover.is_member(view)):
        return home(view)
    return enter_side(view, flow).view
