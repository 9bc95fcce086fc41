"""What follows from a feeling: grief and injury go to a person at once, with nothing else asked; anger is met once."""

from __future__ import annotations

from conversations.effects import OpenCase
from conversations.flows import claim
from conversations.messages import Say
from conversations.programmes.benefits import REPORT_WITHIN_HOURS
from conversations.programmes.places import CALL_CENTRE
from conversations.reading.feeling import read_feeling
from conversations.steps.step import Consequence
from conversations.view import View

DISTRESS = frozenset({"bereaved", "hurt"})


def felt(view: View, text: str) -> str:
    """The feeling a text shows; "" for none."""
    return str(read_feeling(text, view.today).value or "")


def in_distress(view: View, feeling: str) -> Consequence:
    """Say one kind thing and what to do first, and hand the chat to staff as urgent; the form waits, unasked."""
    if claim.concerns_a_member(view):
        return claim.reported(view, claim.KINDS[feeling])
    said = Say(f"feeling.{feeling}", {"call": CALL_CENTRE.value, "hours": REPORT_WITHIN_HOURS.value})
    effect = OpenCase("distress", view.session.current, feeling)
    return Consequence(view.having(case=True, misses=0), (said,), (effect,))


def angry(view: View, feeling: str, offer_at: int) -> Consequence:
    """Apologise once and offer a person; from `offer_at` misses on the prompt has their button."""
    offered = view.having(misses=max(view.session.misses, offer_at), offered="complaint")
    return Consequence(offered, (Say(f"feeling.{feeling}"),))
