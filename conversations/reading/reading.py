"""What a reader makes of a text."""

from __future__ import annotations

from typing import Any, NamedTuple


class Reading(NamedTuple):
    """Either a `value` or a named `problem`, never both; `word` and `yes_no` may leave both empty.

    `hint` is what a clarifying question can build on, for example the rupiah a day of "100rb sehari" or the regions
    that a place name may mean. It is never a value to be stored.
    """

    value: Any = None
    problem: str | None = None
    hint: Any = None
