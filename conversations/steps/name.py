"""A person's name as it stands on the KTP."""

from __future__ import annotations

from conversations.messages import Say
from conversations.reading.name import read_name
from conversations.steps.step import Answer, Move, Option, Problem, Said, Step, words
from conversations.view import View


class Name(Step):
    """The full name; one word is enough where the KTP has one. A name that a picture suggested is taken by a tap."""

    def ask(self, view: View) -> tuple[Say, ...]:
        """The question, or whether what was read on a picture is right."""
        seen = view.answers.get("name_seen")
        return (Say("name.check", {"name": seen}),) if seen else super().ask(view)

    def options(self, view: View) -> tuple[Option, ...]:
        """The name that a picture suggested."""
        return (Option("seen", Say("name.seen")),) if "name_seen" in view.answers else ()

    def fingerprint(self, view: View) -> str:
        """The name that a picture suggested."""
        return str(view.answers.get("name_seen", ""))

    def pick(self, option: str, view: View) -> Move | None:
        """Take the name that a picture suggested."""
        seen = view.answers.get("name_seen")
        return Answer(seen, {"name_seen": None}) if option == "seen" and seen else None

    def read(self, said: Said, view: View) -> Move | None:
        """Read a name; None where the text is none."""
        text = words(said)
        if text is None:
            return None
        reading = read_name(text, view.today)
        if reading.value is not None:
            return Answer(reading.value, {"name_seen": None})
        return Problem(Say("name.letters")) if any(c.isdigit() for c in text) else None

    def recap(self, view: View) -> Say | None:
        """The name."""
        return Say("recap.text", {"text": view.answers[self.name]})
