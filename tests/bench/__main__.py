"""One run, one machine, one table: medians of several rounds, each turn a message answered."""

from __future__ import annotations

import asyncio
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench.enrolment import enrolment_cost
from tests.bench.form import CHATS, CORE, QUESTIONS, ROUNDS
from tests.bench.ours import core_turns, durable_turns
from tests.bench.theirs import conversation_handler
from tests.databases import cluster

BASE = "ConversationHandler, in memory"


class Result(NamedTuple):
    """One row of the table: turns a second per round."""

    name: str
    rates: list[float]

    @property
    def median(self) -> float:
        """Return the median of the rounds."""
        return statistics.median(self.rates)


def main() -> None:
    """Measure, then print the table."""
    with tempfile.TemporaryDirectory() as folder:
        results = list(_results(Path(folder)))
    base = next(result.median for result in results if result.name == BASE)
    sys.stdout.write(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}\n"
        f"{CHATS} chats at once, {QUESTIONS} messages each, median (worst–best) of {ROUNDS} rounds, turns a second\n\n"
    )
    sys.stdout.writelines(_line(result, base) for result in results)
    cost = enrolment_cost()
    sys.stdout.write(
        "\nour core, one turn of the real enrolment: "
        f"{cost.median:.0f} µs at the median, {cost.dearest:.0f} µs the dearest\n"
    )


def _line(result: Result, base: float) -> str:
    span = f"({min(result.rates):,.0f}–{max(result.rates):,.0f})"
    return f"{result.name:<54}{result.median:>10,.0f} {span:>20} {result.median / base:>8.2f}×\n"


def _results(folder: Path) -> Iterator[Result]:
    yield Result(BASE, asyncio.run(conversation_handler()))
    # Its file is written whole at every update, so fewer chats are enough, and kinder to it.
    yield Result(
        "ConversationHandler, PicklePersistence per update", asyncio.run(conversation_handler(folder / "p", 16))
    )
    yield Result("our core alone, session decoded and encoded", core_turns(CORE))
    for channel, what in (("web", "web chat"), ("telegram", "messenger, marked delivered")):
        url = f"sqlite:///{folder / channel}.db"
        yield Result(f"durable, sealed, SQLite, {what}", asyncio.run(durable_turns(url, CORE, channel)))
    for channel, what in (("web", "web chat"), ("telegram", "messenger, marked delivered")):
        with cluster(durable=True) as host:
            url = f"postgresql://postgres@/postgres?host={host}"
            yield Result(f"durable, sealed, PostgreSQL, {what}", asyncio.run(durable_turns(url, CORE, channel)))


if __name__ == "__main__":
    main()
