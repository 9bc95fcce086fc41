"""What an agent learns before they get a code: short lessons, and questions about them that must be answered right."""

from __future__ import annotations

from typing import Any

from conversations.messages import Say
from conversations.steps.choice import Choice
from conversations.steps.step import Answer, Move, Problem
from conversations.view import View


class Lesson(Choice):
    """One thing to know, told in a few sentences; "next" leads on. All lessons share the words of their button."""

    counts = False

    def __init__(self, name: str, **rest: Any) -> None:
        super().__init__(name, ("next",), spoken={"next": ("lanjut", "paham", "ya", "ok", "oke", "siap")}, **rest)

    def label(self, option: str, view: View) -> Say:
        """Understood, go on."""
        return Say("lesson.next")

    def help(self, view: View) -> tuple[Say, ...]:
        """How to go on."""
        return (Say("lesson.help"),)


class Quiz(Choice):
    """A question with one right answer. A wrong one is explained, and the question stays open."""

    counts = False

    def __init__(self, name: str, right: str, names: tuple[str, ...] = ("a", "b", "c"), **rest: Any) -> None:
        super().__init__(name, names, **rest)
        self.right = right

    def pick(self, option: str, view: View) -> Move | None:
        """Take the right answer alone."""
        if option not in self.names:
            return None
        return Answer(option) if option == self.right else Problem(Say(f"{self.name}.wrong", self.values(view)))

    def help(self, view: View) -> tuple[Say, ...]:
        """The lesson in one sentence."""
        return (Say(f"{self.name}.wrong", self.values(view)),)
