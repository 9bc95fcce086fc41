"""What one turn of the real enrolment costs in the pure core: hello to the hand-off, thirteen messages."""

from __future__ import annotations

import datetime as dt
import itertools
import statistics
import time

from bot.tuning import spare_the_collector
from bot.wording import load_speech
from conversations.engine import take_turn
from conversations.messages import Address, Incoming, Tap, Text
from conversations.reading.spelling import canonical
from conversations.session import Session, fresh
from conversations.turn import Facts, Turn
from tests.bench.table import Table, Target, quantile

NOW = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
ADDRESS = Address("web", "bench", "x")
SAID: tuple[str | int, ...] = (
    "halo", 0, "narik ojol", 0, 0, "1,5jt sebulan", 0, 0, "3273011708900001", "Siti Aminah", 0, "081234567890", 0,
)  # fmt: skip
"""What the worker says: words, or which button is tapped."""
TIMES = 500
MOST = 80.0
"""Microseconds that a turn may cost."""
KNOWN = Facts(sponsors={"3273011708900001": None})
"""Nobody pays for her: that was looked up before the turn that is measured."""


def core() -> Table:
    """Measure each message of an enrolment many times, in turn."""
    spare_the_collector()
    turns = recorded()
    times: list[list[float]] = [[] for _ in turns]
    for _, place in itertools.product(range(TIMES), range(len(turns))):
        canonical.cache_clear()  # No two people have the same name; a memory of this one would flatter us.
        start = time.perf_counter()
        take_turn(*turns[place], NOW, KNOWN)
        times[place].append((time.perf_counter() - start) * 1e6)
    medians = [statistics.median(one) for one in times]
    quiet = [quantile(one, 0.05) for one in times]
    rows = [
        (said, f"{statistics.median(found):.0f} µs", f"{max(found):.0f} µs")
        for said, found in (("as the machine was", medians), ("in its quietest twentieth", quiet))
    ]
    return Table(
        "A turn of the real enrolment in the pure core",
        ("", "median message", "dearest message"),
        rows,
        f"{len(turns)} messages from hello to the hand-off, each {TIMES} times: reading, deciding, the "
        "next question; nothing stored, nothing put into words.",
        [_target(statistics.median(medians))],
    )


def _target(median: float) -> Target:
    return Target(f"a core turn at most {MOST:.0f} µs at the median", f"{median:.0f} µs", median <= MOST)


def recorded() -> list[tuple[Session, Incoming]]:
    """Play the enrolment once; return what each turn was given."""
    session, values, recorded = fresh("id", "bench"), [""], []
    speech = load_speech()
    for said in SAID:
        incoming = Incoming(ADDRESS, "1", Text(said) if isinstance(said, str) else Tap(values[said]))
        recorded.append((session, incoming))
        turn = take_turn(session, incoming, NOW, KNOWN)
        assert isinstance(turn, Turn)
        session = turn.session
        values = [button.value for reply in turn.replies for button in speech.message(reply, session).buttons]
    assert session.people[0].enrolment is not None
    return recorded
