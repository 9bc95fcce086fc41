"""A step answered by yes or no: a word is read as yes only when it is one (law 7)."""

from __future__ import annotations

from typing import Any

from conversations.messages import Say
from conversations.reading.choice import read_choice
from conversations.reading.yes_no import read_yes_no
from conversations.steps.choice import NO_WORDS, Spoken
from conversations.steps.step import Answer, Move, Option, Said, Step, words
from conversations.view import View


class YesNo(Step):
    """Yes or no, kept as a bool. Labels: `<step>.yes`, `<step>.no`; `spoken` lists other words for them."""

    typed = False

    def __init__(self, name: str, *, extra: tuple[Option, ...] = (), spoken: Spoken = NO_WORDS, **rest: Any) -> None:
        super().__init__(name, **rest)
        self.extra = extra
        self.spoken = spoken

    def options(self, view: View) -> tuple[Option, ...]:
        """The two buttons, then the questions that can be asked by a tap."""
        pair = tuple(Option(n, Say(f"{self.name}.{n}", self.values(view))) for n in ("yes", "no"))
        return pair + self.extra

    def pick(self, option: str, view: View) -> Move | None:
        """Take a tap on yes or no."""
        return Answer(option == "yes") if option in ("yes", "no") else None

    def read(self, said: Said, view: View) -> Move | None:
        """Read the words people use for yes and no; None where they are neither."""
        text = words(said) or ""
        value = read_yes_no(text, view.today).value
        if value is not None:
            return Answer(value)
        named = None if text.strip().isdecimal() else read_choice(text, ("yes", "no"), self.spoken)
        return self.pick(named, view) if named else None
