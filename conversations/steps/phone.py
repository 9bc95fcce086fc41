"""A mobile number, typed or shared from the messenger."""

from __future__ import annotations

from conversations.messages import Contact, Say
from conversations.reading.phone import read_phone
from conversations.steps.step import Answer, Move, Option, Problem, Said, Step, words
from conversations.view import View

SAME = ("nomor yang tadi", "nomor tadi", "same number", "nomer wau", "nomer anu tadi")
"""What the button says in each language: where Telegram's keys share the number, a choice comes as its words."""


class Phone(Step):
    """An Indonesian mobile number, kept as E.164. A second person of the chat may take the first one's by a tap."""

    def options(self, view: View) -> tuple[Option, ...]:
        """The number another person of this chat gave."""
        return (Option("same", Say("phone.same")),) if earlier_phone(view) else ()

    def pick(self, option: str, view: View) -> Move | None:
        """Take the number given before."""
        earlier = earlier_phone(view)
        return Answer(earlier) if option == "same" and earlier else None

    def read(self, said: Said, view: View) -> Move | None:
        """Read a number; tell what is wrong with one that can't be a mobile number."""
        text = said.phone if isinstance(said, Contact) else words(said)
        if text is None:
            return None
        if any(same in text.lower() for same in SAME):
            return self.pick("same", view)
        reading = read_phone(text, view.today)
        if reading.value is not None:
            return Answer(reading.value)
        return Problem(Say("phone.wrong")) if any(c.isdigit() for c in text) else None

    def recap(self, view: View) -> Say | None:
        """The number, all but its end hidden."""
        return Say("recap.text", {"text": masked(view.answers[self.name])})


def masked(phone: str) -> str:
    """Show the prefix and the last three digits only."""
    return f"0{phone[3:6]}••••{phone[-3:]}"


def earlier_phone(view: View) -> str | None:
    """The first number given for another person of this chat."""
    numbers = (p.answers.get("phone") for p in view.session.people if p.number != view.person.number)
    return next((n for n in numbers if n), None)
