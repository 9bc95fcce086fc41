"""A kind, honest end of the road: why enrolling here doesn't fit, and what can be done instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from conversations.messages import Say
from conversations.reading.choice import read_choice
from conversations.steps.step import Move, Option, Said, Step, words
from conversations.view import View


class Way(NamedTuple):
    """A way on from an ending: its button `ending.way.<name>` and what it does."""

    name: str
    move: Move


Ways = Callable[[str, View], Sequence[Way]]


class Ending(Step):
    """Open as long as `outcome` gives a code, whose text is `ending.<code>`; `ways` leads on from it.

    It is never answered: the way on is another person, another answer, or a person of ours.
    """

    typed = False
    counts = False

    def __init__(self, name: str, *, outcome: Callable[[View], str], ways: Ways, **rest: Any) -> None:
        super().__init__(name, when=lambda view: bool(outcome(view)), **rest)
        self.outcome = outcome
        self.ways = ways

    def answered(self, view: View) -> bool:
        """An ending has no answer."""
        return False

    def ask(self, view: View) -> tuple[Say, ...]:
        """Why not, and what now."""
        return (Say(f"ending.{self.outcome(view)}", self.values(view)),)

    def help(self, view: View) -> tuple[Say, ...]:
        """Point to the buttons."""
        return (Say("ending.help"),)

    def fingerprint(self, view: View) -> str:
        """Which ending it is."""
        return self.outcome(view)

    def options(self, view: View) -> tuple[Option, ...]:
        """The ways on."""
        return tuple(Option(way.name, Say(f"ending.way.{way.name}")) for way in self.ways(self.outcome(view), view))

    def pick(self, option: str, view: View) -> Move | None:
        """Take one of the ways."""
        return next((w.move for w in self.ways(self.outcome(view), view) if w.name == option), None)

    def read(self, said: Said, view: View) -> Move | None:
        """Read the number of a way."""
        names = [w.name for w in self.ways(self.outcome(view), view)]
        option = read_choice(words(said) or "", names, {})
        return self.pick(option, view) if option else None
