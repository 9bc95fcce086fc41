"""A complaint: told in one's own words, it becomes a case with a number and a promise."""

from __future__ import annotations

import hashlib

from conversations.effects import OpenCase
from conversations.flow import Flow
from conversations.messages import Say
from conversations.steps.step import Answer, Consequence, Move, Said, Step, words
from conversations.switching import home
from conversations.view import View


class Story(Step):
    """What went wrong, in the worker's own words."""

    def read(self, said: Said, view: View) -> Move | None:
        """Take whatever is told."""
        told = (words(said) or "").strip()
        return Answer(told) if told else None


def ticket(view: View) -> str:
    """The number of a complaint: unique for this chat's wish, and telling nothing about anybody."""
    digest = hashlib.blake2b(f"{view.session.seed}/{view.session.asking}".encode(), digest_size=4)
    return f"K-{digest.hexdigest().upper()}"


def told(view: View) -> Consequence:
    """Hand it to staff with its number, and say by when they answer."""
    number = ticket(view)
    effect = OpenCase("complaint", view.session.current, f"{number}: {view.session.side['complaint']}")
    days = view.facts.complaint_days
    says = (Say("complaint.taken" if days else "complaint.taken.soon", {"number": number, "days": days}),)
    return Consequence(home(view).having(case=True, misses=0), says, (effect,))


COMPLAINT = Flow(
    "complaint",
    steps=(Story("complaint", side=True, then=told),),
    finish=lambda view: Consequence(home(view)),
)
