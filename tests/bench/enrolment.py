"""What one turn of the real enrolment costs in the pure core: hello to the hand-off, thirteen messages."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from typing import NamedTuple

from bot.wording import load_speech
from conversations.engine import take_turn
from conversations.messages import Address, Incoming, Tap, Text
from conversations.session import Session, fresh
from conversations.turn import Facts, Turn

NOW = dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC)
ADDRESS = Address("web", "bench", "x")
SAID: tuple[str | int, ...] = (
    "halo", 0, "narik ojol", 0, 0, "1,5jt sebulan", 0, 0, "3273011708900001", "Siti Aminah", 0, "081234567890", 0,
)  # fmt: skip
"""What the worker says: words, or which button is tapped."""
TIMES = 500


class Cost(NamedTuple):
    """Microseconds of a turn: over the messages of an enrolment, the median and the dearest."""

    median: float
    dearest: float


def enrolment_cost() -> Cost:
    """Return what a turn of an enrolment costs, each message's being its median over many times."""
    costs = [_cost(session, incoming) for session, incoming in _recorded()]
    return Cost(statistics.median(costs), max(costs))


def _cost(session: Session, incoming: Incoming) -> float:
    times = []
    for _ in range(TIMES):
        start = time.perf_counter()
        take_turn(session, incoming, NOW, Facts())
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e6


def _recorded() -> list[tuple[Session, Incoming]]:
    """Play the enrolment once and keep what each turn was given."""
    session, values, recorded = fresh("id", "bench"), [""], []
    speech = load_speech()
    for said in SAID:
        incoming = Incoming(ADDRESS, "1", Text(said) if isinstance(said, str) else Tap(values[said]))
        recorded.append((session, incoming))
        turn = take_turn(session, incoming, NOW, Facts())
        assert isinstance(turn, Turn)
        session = turn.session
        values = [button.value for reply in turn.replies for button in speech.message(reply, session).buttons]
    assert session.people[0].enrolment is not None
    return recorded
