"""A regency or city, asked only where the backend requires one."""

from __future__ import annotations

from conversations.messages import Located, Say
from conversations.reading.place import read_place, region
from conversations.steps.step import Answer, Move, Option, Problem, Said, Step, words
from conversations.view import View

LABEL_HOLDS = 24
MOST_NEAR = 5


class Place(Step):
    """A region, kept as its official code. A shared position offers the regions nearest to it, to be confirmed."""

    def options(self, view: View) -> tuple[Option, ...]:
        """The regions nearest to where the worker is, once that was shared."""
        return tuple(Option(code, Say("place.is", {"place": label(code)})) for code in self._near(view))

    def ask(self, view: View) -> tuple[Say, ...]:
        """The question; which of the nearest regions, once a position was shared."""
        return (Say("place.which"),) if self._near(view) else super().ask(view)

    def fingerprint(self, view: View) -> str:
        """The regions offered."""
        return " ".join(self._near(view))

    def pick(self, option: str, view: View) -> Move | None:
        """Take a region that is offered."""
        return self._taken(option) if option in self._near(view) else None

    def read(self, said: Said, view: View) -> Move | None:
        """Read the name of a region, or a position; ask for more where several bear the name."""
        if isinstance(said, Located):
            near = [code for code in said.regions if region(code)][:MOST_NEAR]
            return Answer(None, {self._offered: near}, stay=True) if near else Problem(Say("place.far"))
        text = words(said)
        if text is None:
            return None
        reading = read_place(text, view.today)
        if reading.value is not None:
            return self._taken(reading.value)
        near_by = tuple(place.name for code in reading.hint or () if (place := region(code)))
        return Problem(Say("place.near", {"near": near_by})) if near_by else None

    def recap(self, view: View) -> Say | None:
        """The region's name."""
        place = region(view.answers[self.name])
        return Say("recap.text", {"text": place.name}) if place else None

    @property
    def _offered(self) -> str:
        return f"{self.name}_near"

    def _near(self, view: View) -> tuple[str, ...]:
        return tuple(view.answers.get(self._offered, ()))

    def _taken(self, code: str) -> Answer:
        return Answer(code, {self._offered: None})


def label(code: str) -> str:
    """A region's name as far as a button holds it."""
    place = region(code)
    name = place.name if place else code
    short = name.replace("Kabupaten ", "Kab. ").replace("Administrasi ", "")
    return short if len(short) <= LABEL_HOLDS else short[: LABEL_HOLDS - 1] + "…"
