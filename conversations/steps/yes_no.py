"""A step answered by yes or no: a word is read as yes only when it is one (law 7)."""

from __future__ import annotations

from typing import Any

from conversations.messages import Say
from conversations.reading.yes_no import read_yes_no
from conversations.steps.step import Answer, Move, Option, Said, Step, words
from conversations.view import View


class YesNo(Step):
    """Yes or no, kept as a bool. Labels: `<step>.yes`, `<step>.no`."""

    typed = False

    def __init__(self, name: str, *, extra: tuple[Option, ...] = (), **rest: Any) -> None:
        super().__init__(name, **rest)
        self.extra = extra

    def options(self, view: View) -> tuple[Option, ...]:
        """The two buttons, then the questions that can be asked by a tap."""
        pair = tuple(Option(n, Say(f"{self.name}.{n}", self.values(view))) for n in ("yes", "no"))
        return pair + self.extra

    def pick(self, option: str, view: View) -> Move | None:
        """Take a tap on yes or no."""
        return Answer(option == "yes") if option in ("yes", "no") else None

    def read(self, said: Said, view: View) -> Move | None:
        """Read the words people use for yes and no; None where they are neither."""
        value = read_yes_no(words(said) or "", view.today).value
        return None if value is None else Answer(value)
