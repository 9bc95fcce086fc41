"""Which language the page that is being made is written in."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from bot.desk.room import Say
from conversations.speech import WRITTEN

SPOKEN: ContextVar[str] = ContextVar("desk_language", default="id")
"""Set for each request."""


def written() -> str:
    """Give the locale that dates and amounts of the page are written by."""
    return WRITTEN.get(SPOKEN.get(), SPOKEN.get())


def in_the_language_of_the_page(saying: Callable[[str], Say]) -> Say:
    """Give a catalogue that says each text in the language of the page it is said on."""

    def say(key: str, /, **values: str) -> str:
        return saying(SPOKEN.get())(key, **values)

    return say
