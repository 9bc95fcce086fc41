"""What we hold to be true, with where it comes from and how far it may be told (law 9)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")

CHECKED = dt.date(2026, 11, 21)
"""The day the sources were last read."""

STRENGTH = {"CALC": 0, "S": 1, "C-2": 2, "C-3": 3, "C-4": 4, "C-5": 5, "C-6": 6, "OWN": 7}
"""How well a confidence carries: our arithmetic, a single source, n independent sources, our own decision.

What nobody has verified has no place here: it is never told, so a fact of that kind cannot be made.
"""

PLAIN_FROM = STRENGTH["C-2"]
"""From here on a worker may be told plainly; below it a text says "menurut …" or "perkiraan"."""


class Fact(msgspec.Struct, Generic[T], frozen=True):
    """A value with its `source` and `confidence` (a key of STRENGTH).

    It is known to hold from `since` (the day a rule came into force, else the day it was checked) through `until`.

    Raises:
        ValueError: no source, or a confidence that may not be told.
    """

    value: T
    source: str
    confidence: str
    since: dt.date = CHECKED
    until: dt.date | None = None

    def __post_init__(self) -> None:
        if not self.source.strip():
            raise ValueError("a fact needs a source")
        if self.confidence not in STRENGTH:
            raise ValueError(f"confidence {self.confidence!r} may not be told; choose one of {', '.join(STRENGTH)}")

    @property
    def plain(self) -> bool:
        """Whether it may be told plainly, without "menurut …" or "perkiraan"."""
        return STRENGTH[self.confidence] >= PLAIN_FROM


def conclude(value: T, *grounds: Fact[Any]) -> Fact[T]:
    """Return a value that follows from other facts: no surer than the weakest, no longer valid than the shortest."""
    return Fact(
        value,
        source=joined(grounds),
        confidence=min((ground.confidence for ground in grounds), key=STRENGTH.__getitem__),
        since=max(ground.since for ground in grounds),
        until=min((ground.until for ground in grounds if ground.until), default=None),
    )


def joined(grounds: tuple[Fact[Any], ...]) -> str:
    """Return the sources of all grounds in their order, each named once."""
    return "; ".join(dict.fromkeys(ground.source for ground in grounds))
