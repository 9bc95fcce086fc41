"""What a step sees while it asks and reads: the session, the person spoken for, the facts and the day. Read only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

from msgspec.structs import replace

from conversations.messages import Say
from conversations.months import Month, jakarta
from conversations.session import Answers, Person, Session
from conversations.turn import Facts

NOBODY = Person(0)

T = TypeVar("T")


class View:
    """A session at one moment. `answers` are those of the person spoken for, `side` those of an open side flow."""

    __slots__ = ("_recalled", "_today", "answers", "facts", "now", "person", "session")

    def __init__(self, session: Session, facts: Facts, now: dt.datetime) -> None:
        self.session = session
        self.facts = facts
        self.now = now
        self.person = person_of(session)
        self.answers: Answers = self.person.answers
        self._today: dt.date | None = None
        self._recalled: dict[object, Any] = {}

    @property
    def today(self) -> dt.date:
        """Today in Asia/Jakarta."""
        if self._today is None:
            self._today = jakarta(self.now)
        return self._today

    def recall(self, work: Callable[[View], T]) -> T:
        """Return what `work` makes of this moment, worked out once: every step asks who may go on."""
        if work not in self._recalled:
            self._recalled[work] = work(self)
        made: T = self._recalled[work]
        return made

    @property
    def month(self) -> Month:
        """The contribution month that runs now."""
        return Month(self.today.year, self.today.month)

    @property
    def who(self) -> Say:
        """How the person is spoken of: a worker who is here alone is "Kakak", anybody else goes by their name."""
        alone = len(self.session.people) < 2 and "relation" not in self.answers
        return Say("who.self") if alone else self.called

    @property
    def called(self) -> Say:
        """What the person is called in lists and receipts: the name (not in a locked chat), the relation, "Kakak"."""
        name = self.answers.get("name")
        if name is not None and not self.session.locked:
            return Say("who.named", {"name": name})
        return Say(f"who.{self.answers.get('relation', 'self')}")

    def on(self, session: Session) -> View:
        """The same moment with another session."""
        other = View(session, self.facts, self.now)
        other._today = self._today
        return other

    def having(self, **changes: Any) -> View:
        """The same moment with some fields of the session changed."""
        return self.on(replace(self.session, **changes))

    def with_person(self, person: Person, **changes: Any) -> View:
        """The same moment with one person changed (or added), and fields of the session too."""
        return self.having(people=put(self.session.people, person), **changes)

    def with_answers(self, answers: Answers, **changes: Any) -> View:
        """The same moment with some answers changed, and fields of the session too; None takes an answer away."""
        kept = {**self.person.answers, **answers}
        if None in answers.values():
            kept = {k: v for k, v in kept.items() if v is not None}
        return self.with_person(replace(self.person, answers=kept), **changes)

    def numbered(self, number: int) -> Person | None:
        """The person with that number in this chat."""
        return next((p for p in self.session.people if p.number == number), None)


def person_of(session: Session) -> Person:
    """Give the person the chat speaks for now; nobody yet is number 0."""
    for person in session.people:
        if person.number == session.current:
            return person
    return NOBODY


def put(people: tuple[Person, ...], person: Person) -> tuple[Person, ...]:
    """Give the people with this one changed, or added at the end."""
    if any(p.number == person.number for p in people):
        return tuple(person if p.number == person.number else p for p in people)
    return (*people, person)
