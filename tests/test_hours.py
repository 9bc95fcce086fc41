"""Opening hours: when staff answer, when they are back, how much of a wait lies within them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.hours import HORIZON, OFFICE_HOURS, Hours, read_days, read_hours

WIB = dt.timezone(dt.timedelta(hours=7))
HOURS = Hours(read_hours("sen-jum 08:00-16:00, sab 08.00-12.00").week, "WIB", read_days("2026-12-25, 2027-01-01"))
moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31), timezones=st.just(dt.UTC))  # noqa: DTZ001


def at(text: str) -> dt.datetime:
    """A moment on Jakarta's clocks."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=WIB).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("now", "is_open", "back"),
    [
        ("2026-11-23 08:00", True, "2026-11-24 08:00"),
        ("2026-11-23 07:59", False, "2026-11-23 08:00"),
        ("2026-11-23 16:00", False, "2026-11-24 08:00"),
        ("2026-11-28 11:59", True, "2026-11-30 08:00"),
        ("2026-11-28 12:00", False, "2026-11-30 08:00"),
        ("2026-12-24 20:00", False, "2026-12-26 08:00"),
        ("2026-12-25 09:00", False, "2026-12-26 08:00"),
    ],
)
def test_when_staff_are_there(now: str, is_open: bool, back: str) -> None:
    """The first minute counts and the last doesn't; nights, Sundays and holidays are skipped."""
    assert HOURS.is_open(at(now)) is is_open
    assert HOURS.opens_next(at(now)) == at(back)


def test_the_zone_is_the_office_s() -> None:
    """Eight in Makassar is seven in Jakarta."""
    hours = read_hours("sen-min 08:00-16:00, WITA")
    assert hours.is_open(at("2026-11-22 07:00"))
    assert not hours.is_open(at("2026-11-22 15:00"))
    assert f"{hours.local(at('2026-11-22 07:00')):%H.%M %Z}" == "08.00 WITA"


def test_an_office_that_never_opens() -> None:
    """Where nobody is ever there no opening is promised."""
    never = Hours((None,) * 7)
    assert never.opens_next(at("2026-11-23 09:00")) is None
    assert never.closes(at("2026-11-23 09:00")) == dt.time.min
    assert not never.worked(at("2026-11-23 09:00"), at("2026-12-23 09:00"))


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-23 09:00", "2026-11-23 10:30", 1.5),
        ("2026-11-23 15:00", "2026-11-24 09:00", 2),
        ("2026-11-27 15:30", "2026-11-30 08:30", 5),
        ("2026-11-29 01:00", "2026-11-29 23:00", 0),
        ("2026-12-24 15:00", "2026-12-26 09:00", 2),
        ("2026-11-24 09:00", "2026-11-23 09:00", 0),
    ],
)
def test_how_long_was_waited_in_opening_hours(start: str, end: str, hours: float) -> None:
    """Only the time within opening hours counts."""
    assert HOURS.worked(at(start), at(end)) == dt.timedelta(hours=hours)


@given(moments, st.integers(0, 86_400 * 10), st.integers(0, 86_400 * 10))
def test_waits_add_up(start: dt.datetime, first: int, second: int) -> None:
    """Two waits in a row are as long as both together, and never longer than the clock says."""
    middle = start + dt.timedelta(seconds=first)
    end = middle + dt.timedelta(seconds=second)
    assert HOURS.worked(start, middle) + HOURS.worked(middle, end) == HOURS.worked(start, end) <= end - start


@given(moments)
def test_staff_are_back_when_it_is_said(now: dt.datetime) -> None:
    """At the moment told staff are there, and it lies ahead."""
    back = OFFICE_HOURS.opens_next(now)
    assert back is not None
    assert now < back <= now + dt.timedelta(days=HORIZON)
    assert OFFICE_HOURS.is_open(back)


@pytest.mark.parametrize(
    "text", ["senin 08:00-16:00", "sen 8-16", "jum-sen 08:00-16:00", "sen 16:00-08:00", "sen 25:00-26:00", "sen, WIX"]
)
def test_hours_that_cannot_be_read(text: str) -> None:
    """What isn't written as it must be is refused."""
    with pytest.raises(ValueError, match=r".+"):
        read_hours(text)


def test_days_that_cannot_be_read() -> None:
    """A holiday is an ISO date."""
    with pytest.raises(ValueError, match="25"):
        read_days("25 Desember")
