"""What somebody works as: typed the way people say it, tapped among the usual ones, or found group by group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conversations.messages import Say
from conversations.occupations import OCCUPATIONS, by_code
from conversations.reading.choice import read_choice
from conversations.reading.occupation import read_occupation
from conversations.steps.step import Answer, GoTo, Move, Option, Problem, Said, Step, words
from conversations.view import View

MOST_OPTIONS = 9
"""On one page, so that a way to a person of ours still fits a list of ten."""


def occupation_label(code: str) -> Say:
    """The name of an occupation."""
    return Say(f"occupation.{code}")


class OccupationStep(Step):
    """The occupation, kept as its code; `usual` ones are offered, "other" leads to the step that lists the groups."""

    def __init__(self, name: str, *, usual: Sequence[str], groups: str, **rest: Any) -> None:
        super().__init__(name, **rest)
        self.groups = groups
        offered = tuple(Option(code, occupation_label(code)) for code in usual)
        self._offered = (*offered, Option("other", Say("occupation.other")))

    def options(self, view: View) -> tuple[Option, ...]:
        """The usual ones and a way to the others."""
        return self._offered

    def pick(self, option: str, view: View) -> Move | None:
        """Take a tapped occupation, or go to the groups."""
        if option == "other":
            return GoTo(self.groups)
        return Answer(option) if option in by_code else None

    def read(self, said: Said, view: View) -> Move | None:
        """Read an occupation from what was typed; suggest the nearest ones where it is unclear."""
        text = words(said)
        if text is None:
            return None
        if option := by_number(text, self.options(view)):
            return self.pick(option, view)
        reading = read_occupation(text, view.today)
        if reading.value is not None:
            return Answer(reading.value)
        if reading.hint:
            near = tuple(occupation_label(code) for code in reading.hint)
            return Problem(Say("occupation.near", {"near": near}))
        return None

    def recap(self, view: View) -> Say | None:
        """The name of the occupation."""
        return occupation_label(view.answers[self.name])


class GroupStep(Step):
    """A page of occupation groups, opened from the occupation step; its answer narrows the next list."""

    typed = False
    counts = False

    def __init__(self, name: str, *, pages: Sequence[Sequence[str]], **rest: Any) -> None:
        super().__init__(name, **rest)
        self.pages = tuple(tuple(page) for page in pages)

    def options(self, view: View) -> tuple[Option, ...]:
        """The groups of the page that is open."""
        page = self.pages[view.answers.get("group_page", 0)]
        groups = tuple(Option(g, Say(f"group.{g}")) for g in page)
        return (*groups, Option("more", Say("group.more"))) if len(self.pages) > 1 else groups

    def fingerprint(self, view: View) -> str:
        """Which page is open."""
        return str(view.answers.get("group_page", 0))

    def pick(self, option: str, view: View) -> Move | None:
        """Open the jobs of a group, or turn the page."""
        if option == "more":
            turned = (view.answers.get("group_page", 0) + 1) % len(self.pages)
            return Answer(None, {"group_page": turned}, stay=True)
        if any(option in page for page in self.pages):
            return Answer(option, {"job_page": None})
        return None

    def read(self, said: Said, view: View) -> Move | None:
        """A number of the list, or an occupation typed here."""
        option = by_number(words(said) or "", self.options(view))
        return self.pick(option, view) if option else typed_occupation(said, view)


class JobStep(Step):
    """The occupations of the chosen group, a page at a time."""

    typed = False
    counts = False

    def pages(self, group: str) -> tuple[tuple[str, ...], ...]:
        """The occupation codes of a group, in pages that every channel can list."""
        codes = tuple(o.code for o in OCCUPATIONS if o.group == group)
        if len(codes) <= MOST_OPTIONS:
            return (codes,)
        size = MOST_OPTIONS - 1
        return tuple(codes[i : i + size] for i in range(0, len(codes), size))

    def options(self, view: View) -> tuple[Option, ...]:
        """The jobs of the page that is open."""
        pages = self.pages(view.answers["group"])
        jobs = tuple(Option(c, occupation_label(c)) for c in pages[view.answers.get("job_page", 0)])
        return (*jobs, Option("more", Say("group.more"))) if len(pages) > 1 else jobs

    def fingerprint(self, view: View) -> str:
        """Which page of which group is open."""
        return f"{view.answers['group']}{view.answers.get('job_page', 0)}"

    def pick(self, option: str, view: View) -> Move | None:
        """Take the job as the occupation, or turn the page."""
        if option == "more":
            turned = (view.answers.get("job_page", 0) + 1) % len(self.pages(view.answers["group"]))
            return Answer(None, {"job_page": turned}, stay=True)
        return found(option) if option in by_code else None

    def read(self, said: Said, view: View) -> Move | None:
        """A number of the list, or an occupation typed here."""
        option = by_number(words(said) or "", self.options(view))
        return self.pick(option, view) if option else typed_occupation(said, view)


def by_number(text: str, options: Sequence[Option]) -> str:
    """The option whose number was typed; "" for none."""
    return read_choice(text, [option.name for option in options], {}) or ""


def typed_occupation(said: Said, view: View) -> Move | None:
    """Read an occupation typed while a list of groups or jobs is open."""
    text = words(said)
    code = read_occupation(text, view.today).value if text is not None else None
    return found(str(code)) if code else None


def found(code: str) -> Answer:
    """The occupation is known; the lists that led to it are closed."""
    return Answer(None, {"occupation": code, "group": None, "group_page": None, "job_page": None})
