"""The days of the invented world: rounds, nights, a clock that stands."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from bot.simulation.days import ROUND, SLEEPS, WAKES, StoppedClock, awake, in_round
from conversations.programmes.reminding import WIB

NEW_YEAR = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
moments = st.integers(0, 4 * 365 * 86_400).map(lambda seconds: NEW_YEAR + dt.timedelta(seconds=seconds))


@given(at=moments)
def test_everything_falls_into_a_round(at: dt.datetime) -> None:
    """A moment waits for the next round, and a round is one already."""
    assert at <= in_round(at) < at + ROUND
    assert in_round(in_round(at)) == in_round(at)


@given(at=moments)
def test_at_night_people_sleep(at: dt.datetime) -> None:
    """What falls into the night waits for the next morning, and nothing else is put off."""
    done = awake(at).astimezone(WIB)
    assert WAKES <= done.hour < SLEEPS
    assert done == at or dt.timedelta() < done - at < dt.timedelta(hours=10)


def test_the_clock_stands_until_it_is_set() -> None:
    """Time passes only by being moved."""
    clock = StoppedClock(dt.datetime(2026, 11, 2, 6, tzinfo=WIB))
    assert clock() == clock() == dt.datetime(2026, 11, 1, 23, tzinfo=dt.UTC)
    clock.forward(60)
    assert clock() == dt.datetime(2026, 11, 1, 23, 1, tzinfo=dt.UTC)
