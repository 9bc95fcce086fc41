"""Everything in one message; any line changed by its number, then a clear yes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from conversations.messages import Lines, Say
from conversations.reading.choice import read_choice
from conversations.reading.yes_no import read_yes_no
from conversations.steps.choice import NO_WORDS, Spoken
from conversations.steps.step import Answer, GoTo, Move, Option, Said, Step, words
from conversations.view import View

_as_text = json.JSONEncoder(default=str).encode


class Review(Step):
    """Shows the answers of `shown` (step and label `review.<step>`) and what `totals` adds; asks for a yes. `spoken`
    lists the words by which a line may be named."""

    typed = False

    def __init__(
        self,
        name: str,
        *,
        shown: Sequence[Step],
        totals: Callable[[View], tuple[Say, ...]],
        change: str,
        spoken: Spoken = NO_WORDS,
        **rest: Any,
    ) -> None:
        super().__init__(name, **rest)
        self.spoken = spoken
        self.shown = tuple(shown)
        self.totals = totals
        self.change = change

    def lines(self, view: View) -> tuple[tuple[Step, Say], ...]:
        """The steps that are shown, in order, each with its answer in words."""
        recaps = ((s, s.recap(view)) for s in self.shown if s.name in view.answers)
        return tuple((s, recap) for s, recap in recaps if recap is not None)

    def named(self, text: str, view: View) -> str:
        """The step of the line that a text names by number or in words; "" for none."""
        names = [step.name for step, _ in self.lines(view)]
        if line := line_number(text, len(names)):
            return names[line - 1]
        return read_choice(text, names, self.spoken) or ""

    def ask(self, view: View) -> tuple[Say, ...]:
        """All the lines, numbered, then the price and the question."""
        numbered = tuple(
            Say("review.line", {"n": n, "label": Say(f"review.{step.name}"), "answer": recap})
            for n, (step, recap) in enumerate(view.recall(self.lines), start=1)
        )
        listed = Say("review.ask", {"who": view.who, "lines": Lines(numbered)})
        return (listed, *view.recall(self.totals), Say("review.question", {"who": view.who}))

    def short(self, view: View) -> tuple[Say, ...]:
        """The question alone; the list still stands above."""
        return (Say("review.question", {"who": view.who}),)

    def options(self, view: View) -> tuple[Option, ...]:
        """Yes, or change something."""
        return (Option("yes", Say("review.yes")), Option("change", Say("review.change")))

    def fingerprint(self, view: View) -> str:
        """All that a yes would agree to."""
        agreed = {step.name: view.answers[step.name] for step, _ in view.recall(self.lines)}
        totals = [say.values for say in view.recall(self.totals)]
        return _as_text([agreed, totals])

    def pick(self, option: str, view: View) -> Move | None:
        """Agree, or open the list of what can be changed."""
        moves: dict[str, Move] = {"yes": Answer(True), "change": GoTo(self.change)}
        return moves.get(option)

    def read(self, said: Said, view: View) -> Move | None:
        """Read a yes, a no (change something), or the number or name of a line."""
        text = words(said)
        if text is None:
            return None
        if name := self.named(text, view):
            return GoTo(name)
        agreed = read_yes_no(text, view.today).value
        return None if agreed is None else self.pick("yes" if agreed else "change", view)


class Change(Step):
    """The list of what can be changed, each a tap; opened from the review."""

    typed = False

    def __init__(self, name: str, *, review: Review, **rest: Any) -> None:
        super().__init__(name, **rest)
        self.review = review

    def options(self, view: View) -> tuple[Option, ...]:
        """One button a line, and the way back."""
        lines = tuple(Option(step.name, Say(f"review.{step.name}")) for step, _ in self.review.lines(view))
        return (*lines, Option("none", Say("change.none")))

    def pick(self, option: str, view: View) -> Move | None:
        """Open the step of the line, or go back to the review."""
        if option == "none":
            return Answer(None)
        return GoTo(option) if any(step.name == option for step, _ in self.review.lines(view)) else None

    def read(self, said: Said, view: View) -> Move | None:
        """Read the number or name of a line."""
        name = self.review.named(words(said) or "", view)
        return GoTo(name) if name else None


def line_number(text: str, lines: int) -> int:
    """Read "3", "no 3" or "ubah 3" as a line number; 0 for anything else."""
    said = text.lower().replace("nomor", "").replace("ubah", "").replace("no", "").strip(" .)")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 3 and 1 <= int(said) <= lines else 0
