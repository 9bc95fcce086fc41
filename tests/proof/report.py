"""What a long run found, kept as a dated file under `docs/results/`."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

RESULTS = Path(__file__).parent.parent.parent / "docs" / "results"


class Report(NamedTuple):
    """A run's `title`, its `figures` by name, and its `faults`: none at all is what is to be proved."""

    title: str
    figures: tuple[tuple[str, str], ...]
    faults: tuple[str, ...]


class Run(NamedTuple):
    """A long run: `run` is given the part of the full size to play, 1.0 for all of it."""

    run: Callable[[float], Report]
    shows: str


def write(name: str, scale: float, report: Report) -> Path:
    """Write a report; a second one on the same day takes the place of the first."""
    today = dt.datetime.now(dt.UTC).date()
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{today}-{name}.md"
    file.write_text(text(name, scale, report, today))
    return file


def text(name: str, scale: float, report: Report, day: dt.date) -> str:
    """Give a report as a document."""
    size = "full size" if scale == 1 else f"**{scale:.1%} of the full size**"
    rows = "\n".join(f"| {what} | {figure} |" for what, figure in report.figures)
    faults = "\n".join(f"- {fault}" for fault in report.faults[:100]) or "None."
    return (
        f"# {report.title}, {day}\n\n"
        f"`python -m tests.proof {name} --scale {scale:g}`, {size}. {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}.\n\n"
        f"| | |\n| --- | --- |\n{rows}\n\n## Faults\n\n{faults}\n"
    )
