"""A picture that is sent in the chat; a button leaves it for later, or out."""

from __future__ import annotations

from typing import Any

from conversations.messages import Photo, Say
from conversations.steps.choice import Choice
from conversations.steps.step import Answer, Move, Said
from conversations.view import View

WITHOUT = "without"


class Picture(Choice):
    """The answer is the channel's name for the picture, or `WITHOUT`."""

    typed = True

    def __init__(self, name: str, **rest: Any) -> None:
        super().__init__(name, (WITHOUT,), spoken={WITHOUT: ("nanti", "lewati", "tidak ada", "tanpa foto")}, **rest)

    def read(self, said: Said, view: View) -> Move | None:
        """Take a picture, or the words of the button."""
        return Answer(said.ref) if isinstance(said, Photo) else super().read(said, view)

    def recap(self, view: View) -> Say | None:
        """Not shown: there are no words for it."""
        return None
