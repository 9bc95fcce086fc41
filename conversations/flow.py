"""A flow: an ordered table of steps. Where it stands follows from the answers alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from conversations.steps.step import Consequence, Step
from conversations.view import View

Condition = Callable[[View], bool]


class Flow:
    """The steps in the order they are asked, and what happens when none is left. A `form` shows its progress."""

    def __init__(
        self, name: str, steps: tuple[Step, ...], finish: Callable[[View], Consequence], *, form: bool = False
    ) -> None:
        self.name = name
        self.steps = steps
        self.finish = finish
        self.form = form
        self._by_name = {step.name: step for step in steps}
        self._counted_above: dict[str, Counter[Condition]] = {}
        self._counted: Counter[Condition] = Counter()
        for step in steps:
            self._counted_above[step.name] = self._counted.copy()
            self._counted[step.when] += step.counts

    def step(self, name: str) -> Step | None:
        """Find a step by its name."""
        return self._by_name.get(name)

    def next(self, view: View) -> Step | None:
        """The step to ask now: the one being corrected, else the first that applies and is unanswered."""
        if view.session.reopened and (step := self.step(view.session.reopened)):
            return step
        for step in self.steps:
            if not step.answered(view) and view.recall(step.when):
                return step
        return None

    def before(self, name: str, view: View) -> Step | None:
        """The last answered step above `name` that still applies: where "kembali" leads."""
        found = None
        for step in self.steps:
            if step.name == name:
                break
            if step.answered(view) and view.recall(step.when):
                found = step
        return found

    def position(self, step: Step, view: View) -> tuple[int, int]:
        """Where a step stands among those that apply, for the progress bar."""
        holding = [when for when in self._counted if view.recall(when)]
        above = self._counted_above[step.name]
        counts = step.counts and step.when in holding
        total = sum(self._counted[when] for when in holding)
        return 1 + sum(above[when] for when in holding), total if counts else total + 1
