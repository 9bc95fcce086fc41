"""A step answered by one of a few options, tapped or said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from conversations.messages import Say
from conversations.reading.choice import read_choice
from conversations.reading.question import told
from conversations.steps.step import Answer, Move, Option, Said, Step, words
from conversations.view import View

Spoken = Mapping[str, Sequence[str]]
NO_WORDS: Spoken = {}


class Choice(Step):
    """One of `names`, or of what `offered` gives at that moment. Labels: `<step>.<option>`; `moves` maps an option to
    what it does where that isn't simply being the answer; `spoken` lists words by which an option may be said."""

    typed = False

    def __init__(
        self,
        name: str,
        names: Sequence[str],
        *,
        offered: Callable[[View], Sequence[str]] | None = None,
        moves: Mapping[str, Move] | None = None,
        spoken: Spoken = NO_WORDS,
        extra: Sequence[Option] = (),
        shown_in_review: bool = True,
        **rest: Any,
    ) -> None:
        super().__init__(name, **rest)
        self.names = tuple(names)
        self.offered = offered or (lambda view: self.names)
        self.moves = dict(moves or {})
        self.spoken = spoken
        self.extra = tuple(extra)
        self.shown_in_review = shown_in_review

    def label(self, option: str, view: View) -> Say:
        """The words on the button of an option."""
        return Say(f"{self.name}.{option}", self.values(view))

    def options(self, view: View) -> tuple[Option, ...]:
        """The options that are offered now, then the questions that can be asked by a tap."""
        return tuple(Option(n, self.label(n, view)) for n in self.offered(view)) + self.extra

    def pick(self, option: str, view: View) -> Move | None:
        """Take an offered option as the answer, or do what it stands for."""
        if option not in self.offered(view):
            return None
        return self.moves.get(option) or Answer(option)

    def read(self, said: Said, view: View) -> Move | None:
        """Read the number or the words of an option; what is only asked about is not chosen."""
        text = words(said)
        offered = tuple(self.offered(view))
        option = read_choice(told(text), offered, self.spoken) if text is not None else None
        return self.pick(option, view) if option else None

    def recap(self, view: View) -> Say | None:
        """The option that was chosen."""
        return self.label(view.answers[self.name], view) if self.shown_in_review else None
