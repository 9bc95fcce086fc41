"""A regency or city, asked only where the backend requires one."""

from __future__ import annotations

from conversations.messages import Say
from conversations.reading.place import read_place, region
from conversations.steps.step import Answer, Move, Problem, Said, Step, words
from conversations.view import View


class Place(Step):
    """A region, kept as its official code."""

    def read(self, said: Said, view: View) -> Move | None:
        """Read the name of a region; ask for more where several bear it."""
        text = words(said)
        if text is None:
            return None
        reading = read_place(text, view.today)
        if reading.value is not None:
            return Answer(reading.value)
        near = tuple(place.name for code in reading.hint or () if (place := region(code)))
        return Problem(Say("place.near", {"near": near})) if near else None

    def recap(self, view: View) -> Say | None:
        """The region's name."""
        place = region(view.answers[self.name])
        return Say("recap.text", {"text": place.name}) if place else None
