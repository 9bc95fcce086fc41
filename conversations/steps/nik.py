"""The NIK: sixteen digits, read back masked. Its date is a hint, never a verdict (facts 7.1)."""

from __future__ import annotations

from typing import Any

from conversations.messages import Say
from conversations.reading.nik import read_nik
from conversations.steps.step import Answer, Move, Option, Problem, Said, Step, words
from conversations.turn import FindSponsor, Lacking
from conversations.view import View

LENGTH = 16
READ_AGAIN_ONCE = frozenset({"region", "impossible_date"})


def masked(nik: str) -> str:
    """Show the last four digits only."""
    return "•••• •••• •••• " + nik[-4:]


def grouped(nik: str) -> str:
    """Show all digits, four by four, for comparing them with a card."""
    return " ".join(nik[at : at + 4] for at in range(0, len(nik), 4))


def takes_photo(view: View) -> bool:
    """Tell whether a picture of the KTP is read: in the worker's own chat, after the consent."""
    return view.facts.reads_ktp and "consent" in view.answers


class Nik(Step):
    """The NIK. One whose region or date looks odd is asked to be read again once, then accepted with a flag, because
    Dukcapil itself has issued such numbers."""

    def __init__(self, name: str, *, extra: tuple[Option, ...] = (), **rest: Any) -> None:
        super().__init__(name, **rest)
        self.extra = extra

    def options(self, view: View) -> tuple[Option, ...]:
        """Questions that can be asked by a tap, and the one-time page where the shell offers one."""
        doubtful = (Option("seen", Say("nik.seen")),) if "nik_seen" in view.answers else ()
        page = (Option("page", Say("nik.page"), url="private:"),) if view.facts.private_page else ()
        return doubtful + self.extra + page

    def ask(self, view: View) -> tuple[Say, ...]:
        """The question and the reason for it; where pictures are read, what becomes of them."""
        if "nik_seen" in view.answers:
            return self.short(view)
        photo = (Say("nik.photo"),) if takes_photo(view) else ()
        return (*super().ask(view), *photo)

    def short(self, view: View) -> tuple[Say, ...]:
        """The question without the reason for it."""
        if seen := view.answers.get("nik_seen"):
            return (Say("nik.check", {"nik": grouped(seen)}),)
        return (Say("nik.short", {"who": view.who}),)

    def fingerprint(self, view: View) -> str:
        """The number that a picture suggested."""
        return str(view.answers.get("nik_seen", ""))

    def pick(self, option: str, view: View) -> Move | None:
        """Take the number that a picture suggested."""
        seen = view.answers.get("nik_seen")
        return self._taken(seen, view, odd=False) if option == "seen" and seen else None

    def read(self, said: Said, view: View) -> Move | None:
        """Read sixteen digits; tell which rule a wrong number breaks."""
        text = words(said)
        if text is None:
            return None
        reading = read_nik(text, view.today)
        if reading.value is not None:
            return self._taken(str(reading.value), view, odd=False)
        typed = digits(text)
        if reading.problem in READ_AGAIN_ONCE and len(typed) == LENGTH:
            return self._doubtful(typed, view)
        return problem(len(typed)) if typed else None

    def _doubtful(self, nik: str, view: View) -> Move:
        if view.answers.get("nik_doubt") == nik:
            return self._taken(nik, view, odd=True)
        return Answer(None, {"nik_doubt": nik}, (Say("nik.odd"),), stay=True)

    def _taken(self, nik: str, view: View, *, odd: bool) -> Move:
        if other := same_nik(nik, view):
            return Problem(Say("nik.used", {"other": other}))
        changes = {"nik_doubt": None, "nik_seen": None, "ktp": None, "nik_odd": odd or None}
        return Answer(nik, changes, (Say("nik.taken", {"masked": masked(nik)}),))

    def lacks(self, answer: Answer, view: View) -> Lacking | None:
        """Whether somebody pays for this NIK must be known first."""
        asked = answer.value is not None and answer.value not in view.facts.sponsors
        return FindSponsor(answer.value) if asked else None

    def recap(self, view: View) -> Say | None:
        """The number, masked."""
        return Say("recap.text", {"text": masked(view.answers[self.name])})


def digits(text: str) -> str:
    """Give the digits of a text."""
    return "".join(c for c in text if c.isascii() and c.isdecimal())


def problem(typed: int) -> Problem:
    """Tell what is wrong with so many digits."""
    return Problem(Say("nik.odd") if typed == LENGTH else Say("nik.length", {"digits": typed}))


def same_nik(nik: str, view: View) -> Say | None:
    """Name another person of this chat who has the same NIK."""
    for person in view.session.people:
        if person.number != view.person.number and person.answers.get("nik") == nik:
            return view.having(current=person.number).who
    return None
