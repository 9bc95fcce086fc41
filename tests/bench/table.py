"""A part of the bench as a table that people read, in the terminal and in a file."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Table(NamedTuple):
    """What a part measured: rows under columns, and what must be known to read them."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    notes: str = ""

    def __str__(self) -> str:
        """Write it in Markdown."""
        rule = tuple("---" if n == 0 else "---:" for n in range(len(self.columns)))
        lines = (f"| {' | '.join(row)} |" for row in (self.columns, rule, *self.rows))
        return "\n".join((f"## {self.title}", "", *lines, *(("", self.notes) if self.notes else ()), ""))


def span(values: Sequence[float], unit: str = "") -> str:
    """Write the median with the least and the most."""
    return f"{statistics.median(values):,.0f}{unit} ({min(values):,.0f}–{max(values):,.0f})"


def quantile(values: Sequence[float], part: float) -> float:
    """Return the value below which that part of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]
