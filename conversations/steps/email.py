"""An e-mail address, asked only where the backend requires one."""

from __future__ import annotations

import re

from conversations.messages import Say
from conversations.steps.step import Answer, Move, Problem, Said, Step, words
from conversations.view import View

ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+")


class Email(Step):
    """An address in lower case; only its shape can be checked here."""

    def read(self, said: Said, view: View) -> Move | None:
        """Read the one address in the text."""
        text = words(said)
        if text is None:
            return None
        found = [w.strip(".,;<>()") for w in text.split() if "@" in w]
        if len(found) == 1 and ADDRESS.fullmatch(found[0]):
            return Answer(found[0].lower())
        return Problem(Say("email.wrong")) if found else None

    def recap(self, view: View) -> Say | None:
        """The address, its first part shortened."""
        local, _, host = view.answers[self.name].partition("@")
        return Say("recap.text", {"text": f"{local[:2]}•••@{host}"})
