"""Until when somebody may be written to in free words."""

from __future__ import annotations

import datetime as dt

import pytest

from storage.tables import EPOCH, stored
from storage.window import EARLY, window_after
from tests import toy

DAY = dt.timedelta(hours=24)


@pytest.mark.parametrize("channel", ["telegram", "web", "terminal"])
def test_most_channels_set_no_limit(channel: str) -> None:
    """Where there is no window it is always open, also to whoever never spoke."""
    assert window_after(channel, None).is_open(toy.NOW)
    assert window_after(channel, stored(EPOCH)).until is None


def test_whatsapp_s_window_ends_a_little_early() -> None:
    """It lasts a day less what sending takes, and is closed to whoever never spoke."""
    window = window_after("whatsapp", stored(toy.NOW))
    assert window.until == toy.NOW + DAY - EARLY
    assert window.is_open(toy.NOW + DAY - 2 * EARLY)
    assert not window.is_open(toy.NOW + DAY - EARLY)
    assert not window_after("whatsapp", None).is_open(toy.NOW)
