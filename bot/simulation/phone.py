"""One chat as its owner sees it: what was said last, and which buttons stand under it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from bot.simulation.sentences import Sentences, Understood
from bot.turns import Taken
from conversations.messages import Address, Message, Tap
from conversations.session import Session

SOON = frozenset({"member.simulating", "member.billing"})
"""What we say when an answer of the backend follows in a moment, besides what the session tells."""


class Owner(Protocol):
    """Whoever holds a phone."""

    def hear(self, before: str, message: Message, understood: Sequence[Understood], now: dt.datetime) -> None:
        """Read a message; `before` is the step that was asked until then."""


class Phone:
    """A chat; `owner` is told of each message."""

    def __init__(self, address: Address, sentences: Sentences, owner: Owner) -> None:
        self.address = address
        self.last = Message("")
        self._sentences = sentences
        self._owner = owner
        self._soon = False
        self._under_way = False

    @property
    def step(self) -> str:
        """What was asked last."""
        return self.last.step

    @property
    def awaits(self) -> bool:
        """Whether something is under way that will be answered by itself."""
        return self._soon or self._under_way

    def take(self, taken: Taken, now: dt.datetime) -> None:
        """Read what one turn said here."""
        if taken.session is None:
            return
        self._under_way = is_under_way(taken.session)
        for spoken in taken.spoken:
            understood = tuple(self._sentences.heard(spoken.message.text))
            self._soon = any(sentence.key in SOON for sentence in understood)
            before, self.last = self.step, spoken.message
            self._owner.hear(before, spoken.message, understood, now)

    def tap(self, *options: str) -> Tap | None:
        """Tap the first of these options, or of these words of ours, that has a button; None where none has."""
        for option in options:
            if value := _carried(self.last, option):
                return Tap(value)
        return None


def is_under_way(session: Session) -> bool:
    """Tell whether a check or a hand-off of this chat was not answered yet."""
    return any(
        (person.identity is not None and person.identity.verdict == "asked")
        or (person.enrolment is not None and person.enrolment.state == "handed_off")
        for person in session.people
    )


def _carried(message: Message, option: str) -> str:
    values = (button.value for button in message.buttons)
    return next((value for value in values if value.endswith(f":{option}") or value == f"!{option}"), "")
