"""The limit on messages of one chat."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web.limit import Limit


class Clock:
    """A clock that stands until it is moved, in seconds."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_a_burst_passes_and_the_next_one_waits() -> None:
    """Ten messages pass at once; the eleventh is told how long to wait."""
    clock = Clock()
    limit = Limit(burst=10, interval=1.0, clock=clock)
    assert [limit.wait("a") for _ in range(11)] == [0.0] * 10 + [1.0]


def test_a_token_comes_back_with_each_interval() -> None:
    """After the told wait exactly one more message passes."""
    clock = Clock()
    limit = Limit(burst=2, interval=1.0, clock=clock)
    limit.wait("a"), limit.wait("a")
    clock.now += limit.wait("a")
    assert limit.wait("a") == 0.0
    assert limit.wait("a") > 0.0


def test_chats_do_not_share_tokens() -> None:
    """One chat's flood takes nothing from another chat."""
    limit = Limit(burst=1, interval=1.0, clock=Clock())
    assert limit.wait("a") == 0.0
    assert limit.wait("a") > 0.0
    assert limit.wait("b") == 0.0


@given(st.lists(st.integers(0, 50), max_size=200))
def test_memory_is_bounded(keys: list[int]) -> None:
    """Never more than `most` chats are remembered, whoever comes."""
    limit = Limit(most=7, clock=Clock())
    for key in keys:
        limit.wait(key)
        assert 1 <= len(limit) <= 7


def test_chats_at_rest_are_forgotten() -> None:
    """A chat whose tokens are all back takes no memory."""
    clock = Clock()
    limit = Limit(clock=clock)
    for key in range(100):
        limit.wait(key)
    clock.now += 60
    limit.wait("late")
    assert len(limit) == 1


@given(st.lists(st.floats(0, 3), max_size=60))
def test_no_stretch_of_time_takes_more_than_its_share(steps: list[float]) -> None:
    """Over any time at most the burst and one message for each interval pass."""
    clock = Clock()
    limit = Limit(burst=3, interval=1.0, clock=clock)
    start, passed = clock.now, 0
    for step in steps:
        clock.now += step
        passed += limit.wait("a") == 0.0
        assert passed <= 3 + (clock.now - start) + 1e-6
