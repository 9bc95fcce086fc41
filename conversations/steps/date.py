"""A birth date, typed any way people write it or taken from the hint in the NIK by a tap."""

from __future__ import annotations

import datetime as dt

from conversations.messages import Say
from conversations.programmes.eligibility import age_on, may_register
from conversations.reading.date import read_date
from conversations.reading.nik import birth_date
from conversations.reading.yes_no import read_yes_no
from conversations.steps.step import Answer, Move, Option, Problem, Said, Step, words
from conversations.view import View


class BirthDate(Step):
    """The birth date, kept as ISO text. A date other than the NIK's is asked once more, then accepted with a flag: the
    KTP is right and the number stays what it was (facts 7.1)."""

    def options(self, view: View) -> tuple[Option, ...]:
        """The date hidden in the NIK, and the one typed against it."""
        dates = dict.fromkeys(d for d in (view.recall(hinted), view.answers.get("birth_doubt")) if d)
        return tuple(Option(d, Say("birth_date.is", {"date": dt.date.fromisoformat(d)})) for d in dates)

    def ask(self, view: View) -> tuple[Say, ...]:
        """The question; where the NIK hints at a date, that date is offered."""
        key = "offer" if view.recall(hinted) else "ask"
        return (Say(f"{self.name}.{key}", {"who": view.who}),)

    def fingerprint(self, view: View) -> str:
        """The dates offered."""
        return f"{view.recall(hinted)}{view.answers.get('birth_doubt', '')}"

    def pick(self, option: str, view: View) -> Move | None:
        """Take an offered date."""
        if option not in (view.recall(hinted), view.answers.get("birth_doubt")):
            return None
        return self._taken(option, view)

    def read(self, said: Said, view: View) -> Move | None:
        """Read a date; one that can't be a working person's birth date is a problem."""
        text = words(said)
        if text is None:
            return None
        offered = self.options(view)
        if len(offered) == 1 and read_yes_no(text, view.today).value:
            return self._taken(offered[0].name, view)
        reading = read_date(text, view.today)
        if reading.value is None:
            return Problem(Say("birth_date.impossible")) if reading.problem == "impossible_date" else None
        return self._weighed(reading.value.isoformat(), view)

    def _weighed(self, date: str, view: View) -> Move:
        hint = view.recall(hinted)
        if hint in (None, date) or view.answers.get("birth_doubt") == date:
            return self._taken(date, view)
        doubt = Say("birth_date.differs", {"hint": dt.date.fromisoformat(hint or date)})
        return Answer(None, {"birth_doubt": date}, (doubt,), stay=True)

    def _taken(self, date: str, view: View) -> Move:
        age = age_on(dt.date.fromisoformat(date), view.today)
        if not 0 <= age <= 110:
            return Problem(Say("birth_date.impossible"))
        differs = True if view.recall(hinted) not in (None, date) else None
        return Answer(date, {"birth_doubt": None, "birth_differs": differs})

    def recap(self, view: View) -> Say | None:
        """The date in words."""
        return Say("recap.date", {"date": dt.date.fromisoformat(view.answers[self.name])})


def hinted(view: View) -> str | None:
    """The birth date the NIK hints at, as ISO text, where it is that of somebody who may register."""
    nik = view.answers.get("nik")
    date = birth_date(nik, view.today) if nik else None
    return date.isoformat() if date and may_register(age_on(date, view.today)) else None
