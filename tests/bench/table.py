"""A part of the bench as a table that people read, in the terminal and in a file."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Target(NamedTuple):
    """What is to be reached, what was found, and whether that is enough."""

    wanted: str
    found: str
    met: bool


class Table(NamedTuple):
    """What a part measured: rows under columns, what must be known to read them, and the targets it decides on."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    notes: str = ""
    targets: Sequence[Target] = ()

    def __str__(self) -> str:
        """Write it in Markdown."""
        rule = tuple("---" if n == 0 else "---:" for n in range(len(self.columns)))
        lines = (f"| {' | '.join(row)} |" for row in (self.columns, rule, *self.rows))
        return "\n".join((f"## {self.title}", "", *lines, *(("", self.notes) if self.notes else ()), ""))


def balance(targets: Sequence[Target]) -> Table:
    """Put the targets of all parts into one table."""
    rows = [(target.wanted, target.found, "met" if target.met else "**missed**") for target in targets]
    return Table("Against the targets", ("target", "here", ""), rows)


def span(values: Sequence[float], unit: str = "") -> str:
    """Write the median with the least and the most."""
    return f"{statistics.median(values):,.0f}{unit} ({min(values):,.0f}–{max(values):,.0f})"


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value below which that part of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
