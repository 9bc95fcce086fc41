"""What every step has: when it applies, what it asks, how an answer to it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from conversations.asking import word_value
from conversations.effects import AnyEffect
from conversations.messages import Contact, Located, Paper, Photo, Private, Reply, Say, Text
from conversations.session import Answers
from conversations.turn import Lacking
from conversations.view import View

Said = Text | Contact | Located | Photo | Private


NO_CHANGES: Answers = {}


class Option(NamedTuple):
    """One button of a question. `carries` overrides what it carries (a word or a question); `url` opens a page."""

    name: str
    label: Say
    carries: str = ""
    url: str = ""


def global_word(word: str) -> Option:
    """A global word as a button."""
    return Option(word, Say(f"word.{word}"), carries=word_value(word))


class Answer(NamedTuple):
    """Something is answered.

    `value` is kept under the step's name unless None; `also` changes other answers (None takes one away); `says` comes
    before the next question; `stay` keeps the step open where only part of it is answered.
    """

    value: Any = None
    also: Answers = NO_CHANGES
    says: tuple[Say, ...] = ()
    stay: bool = False


class Problem(NamedTuple):
    """The text is no answer: `say` tells kindly why and what to do."""

    say: Say


class GoTo(NamedTuple):
    """Nothing is answered; another step of the flow is opened first."""

    step: str


class Act(NamedTuple):
    """The option is a command to the engine: a word of `words.py`, perhaps about something."""

    word: str
    about: str = ""


Move = Answer | Problem | GoTo | Act


class Consequence(NamedTuple):
    """What follows: the moment as it is now, things to say before the next question, effects; `instead` is said in
    place of the open question, which stays open; `beside` are buttons of their own next to those of the question;
    `template` is for whoever can't be told in free words (`letters.py`); `paper` goes with what is said.
    """

    view: View
    says: tuple[Say, ...] = ()
    effects: tuple[AnyEffect, ...] = ()
    instead: Reply | None = None
    beside: tuple[Option, ...] = ()
    template: Say | None = None
    paper: Paper | None = None


def always(_: View) -> bool:
    """Tell that a step always applies."""
    return True


def nothing(view: View) -> Consequence:
    """Tell that nothing follows from an answer."""
    return Consequence(view)


class Step:
    """One question. Catalogue keys follow from its name: `nik.ask`, `nik.short` (put again), `nik.help`."""

    counts = True
    typed = True

    def __init__(
        self,
        name: str,
        *,
        when: Callable[[View], bool] = always,
        values: Callable[[View], dict[str, Any]] | None = None,
        then: Callable[[View], Consequence] = nothing,
        side: bool = False,
    ) -> None:
        self.name = name
        self.when = when
        self.then = then
        self.side = side
        self._values = values

    def answered(self, view: View) -> bool:
        """Tell whether nothing is left to ask here."""
        return self.name in (view.session.side if self.side else view.answers)

    def values(self, view: View) -> dict[str, Any]:
        """What the sentences of this step need."""
        return self._values(view) if self._values else {"who": view.who}

    def ask(self, view: View) -> tuple[Say, ...]:
        """The question, as it is put the first time."""
        return (Say(f"{self.name}.ask", self.values(view)),)

    def short(self, view: View) -> tuple[Say, ...]:
        """The question put again after something else was said."""
        return self.ask(view)

    def help(self, view: View) -> tuple[Say, ...]:
        """Other words for the same question, for the second misunderstanding."""
        return (Say(f"{self.name}.help", self.values(view)),)

    def options(self, view: View) -> tuple[Option, ...]:
        """The buttons under the question."""
        return ()

    def fingerprint(self, view: View) -> str:
        """What the question showed that an answer agrees to; a change of it makes older buttons stale."""
        return ""

    def pick(self, option: str, view: View) -> Move | None:
        """Read a tap on one of the options; None for an option that is not offered."""
        return None

    def read(self, said: Said, view: View) -> Move | None:
        """Read what was typed or sent; None when it is nothing this step can read."""
        return None

    def lacks(self, answer: Answer, view: View) -> Lacking | None:
        """Name a quick fact that must be known before this answer is taken; None where there is none."""
        return None

    def recap(self, view: View) -> Say | None:
        """The answer as the review shows it; None where it is not shown."""
        return None


def words(said: Said) -> str | None:
    """Give the words of what was said, whether typed in the chat or on the one-time page."""
    return said.text if isinstance(said, Text | Private) else None
