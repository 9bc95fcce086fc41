"""After 30 idle days: the birth date, before anything personal is shown (law 8). Phones and SIM cards change hands."""

from __future__ import annotations

import datetime as dt

from conversations.flow import Flow
from conversations.messages import Say
from conversations.reading.date import read_date
from conversations.steps.step import Answer, Consequence, Move, Problem, Said, Step, words
from conversations.switching import home
from conversations.view import View


class BirthCheck(Step):
    """Asks for the birth date of anybody this chat speaks for."""

    counts = False

    def read(self, said: Said, view: View) -> Move | None:
        """Read a date and compare it; a wrong one tells nothing but that it is wrong."""
        text = words(said)
        reading = read_date(text, view.today) if text is not None else None
        if reading is None or not isinstance(reading.value, dt.date):
            return None
        known = {p.answers.get("birth_date") for p in view.session.people}
        return Answer(True) if reading.value.isoformat() in known else Problem(Say("guard.wrong"))


def opened(view: View) -> Consequence:
    """The chat is theirs: go on where it stopped."""
    return Consequence(home(view.having(locked=False)), (Say("guard.opened"),))


GUARD = Flow("guard", steps=(BirthCheck("guard", side=True, then=opened),), finish=lambda view: Consequence(home(view)))
