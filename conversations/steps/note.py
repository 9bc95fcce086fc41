"""A few words of one's own, kept as they are typed: an organisation, the number of a letter."""

from __future__ import annotations

from typing import Any

from conversations.messages import Say
from conversations.steps.step import Answer, Move, Problem, Said, Step, words
from conversations.view import View


class Note(Step):
    """Between `least` and `most` characters, with at least one letter or figure among them."""

    def __init__(self, name: str, *, least: int = 3, most: int = 60, **rest: Any) -> None:
        super().__init__(name, **rest)
        self.least = least
        self.most = most

    def read(self, said: Said, view: View) -> Move | None:
        """Take the words, with their blanks put in order; None where they are none."""
        text = " ".join((words(said) or "").split())
        if not any(c.isalnum() for c in text):
            return None
        if self.least <= len(text) <= self.most:
            return Answer(text)
        return Problem(Say("note.length", {"least": self.least, "most": self.most}))
