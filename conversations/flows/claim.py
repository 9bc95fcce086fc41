"""An accident or a death of a member: the calm, right first steps, and a person of ours at once.

The claim itself is filed with BPJS Ketenagakerjaan; nothing here decides or promises it.
"""

from __future__ import annotations

from conversations import cover
from conversations.effects import OpenCase
from conversations.flow import Flow
from conversations.messages import Say
from conversations.programmes.benefits import REPORT_WITHIN_HOURS
from conversations.programmes.places import CALL_CENTRE
from conversations.steps.choice import Choice
from conversations.steps.step import Act, Consequence
from conversations.switching import home
from conversations.view import View

KINDS = {"hurt": "accident", "bereaved": "death"}
"""What happened, by the feeling it is told with; also the reason of the case."""

STEPS = {
    "accident": ("first", "hospital", "report", "papers", "staff"),
    "death": ("first", "report", "papers", "staff"),
}


def concerns_a_member(view: View) -> bool:
    """Tell whether somebody of this chat is a member, so that it may be about them."""
    return any(cover.is_member(view.having(current=person.number)) for person in view.session.people)


def reported(view: View, kind: str) -> Consequence:
    """Say what to do first, and hand the chat to staff before all others; the bot asks nothing."""
    known = {"call": CALL_CENTRE.value, "hours": REPORT_WITHIN_HOURS.value}
    says = tuple(Say(f"claim.{kind}.{step}", known) for step in STEPS[kind])
    effect = OpenCase(kind, view.session.current)
    # A locked chat stays at its question for the birth date: the way home leads past it.
    here = view if view.session.locked else home(view)
    return Consequence(here.having(case=True, misses=0), says, (effect,))


def chosen(view: View) -> Consequence:
    """Go on with what was chosen."""
    return reported(view, view.session.side["claim"])


CLAIM = Flow(
    "claim",
    steps=(
        Choice(
            "claim",
            ("accident", "death", "jht", "complaint"),
            moves={"jht": Act("cash_out"), "complaint": Act("complaint")},
            spoken={
                "accident": ("celaka", "kecelakaan", "jatuh", "tabrakan"),
                "death": ("meninggal", "wafat", "kematian"),
                "jht": ("jht", "tabungan", "hari tua"),
                "complaint": ("belum cair", "lama", "ditolak", "susah"),
            },
            side=True,
            then=chosen,
        ),
    ),
    finish=lambda view: Consequence(home(view)),
)
