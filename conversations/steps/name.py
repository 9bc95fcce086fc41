"""A person's name as it stands on the KTP."""

from __future__ import annotations

from conversations.messages import Say
from conversations.reading.name import read_name
from conversations.steps.step import Answer, Move, Problem, Said, Step, words
from conversations.view import View


class Name(Step):
    """The full name; one word is enough where the KTP has one."""

    def read(self, said: Said, view: View) -> Move | None:
        """Read a name; None where the text is none."""
        text = words(said)
        if text is None:
            return None
        reading = read_name(text, view.today)
        if reading.value is not None:
            return Answer(reading.value)
        return Problem(Say("name.letters")) if any(c.isdigit() for c in text) else None

    def recap(self, view: View) -> Say | None:
        """The name."""
        return Say("recap.text", {"text": view.answers[self.name]})
