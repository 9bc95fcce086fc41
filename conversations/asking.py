"""What buttons carry. Short enough for every channel (Telegram allows 64 bytes), and bound to their question (law 7).

`5:plan:two` is option "two" of step "plan" under asking 5. `!status` is a global word, `!pay/2` one about the chat's
second person, `?jkk` a question to answer: they may be tapped at any time.
"""

from __future__ import annotations

from typing import NamedTuple


class Pressed(NamedTuple):
    """An option of a question."""

    asking: int
    step: str
    option: str


class Word(NamedTuple):
    """A global word on a button; `person` is the number of whom it is about, 0 for whoever the chat speaks for."""

    word: str
    person: int = 0


class Question(NamedTuple):
    """A question on a button: the id of its answer."""

    entry: str


def option_value(asking: int, step: str, option: str) -> str:
    """Give what the button of an option carries."""
    return f"{asking}:{step}:{option}"


def word_value(word: str, person: int = 0) -> str:
    """Give what the button of a global word carries."""
    return f"!{word}/{person}" if person else f"!{word}"


def question_value(entry: str) -> str:
    """Give what the button of a question carries."""
    return f"?{entry}"


def pressed(value: str) -> Pressed | Word | Question | None:
    """Read what a button carried; None for anything we never made."""
    if value.startswith("!"):
        word, _, person = value[1:].partition("/")
        return Word(word, int(person) if person.isascii() and person.isdecimal() and len(person) < 4 else 0)
    if value.startswith("?"):
        return Question(value[1:])
    asking, _, rest = value.partition(":")
    step, _, option = rest.partition(":")
    if not (asking.isascii() and asking.isdecimal() and len(asking) < 10 and step and option):
        return None
    return Pressed(int(asking), step, option)
