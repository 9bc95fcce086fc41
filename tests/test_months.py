"""Contribution months."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.months import Month, jakarta, months_from

MONTHS = st.builds(Month, st.integers(1000, 9999), st.integers(1, 12))


class _Holder(msgspec.Struct, frozen=True):
    month: Month


@given(MONTHS)
def test_written_month_is_read_back(month: Month) -> None:
    """What a month is written as reads as the same month."""
    assert Month.parse(str(month)) == month


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-1", "26-01", "2026-12-01", " 2026-12", "2026-12\n", "٢٠٢٦-12"]
)
def test_other_spellings_are_refused(text: str) -> None:
    """Only YYYY-MM is a month."""
    with pytest.raises(ValueError, match="YYYY-MM"):
        Month.parse(text)


@given(MONTHS, st.integers(-1000, 1000))
def test_until_counts_what_plus_added(month: Month, count: int) -> None:
    """The distance to a month n months later is n, and going back returns."""
    later = month.plus(count)
    assert 1 <= later.month <= 12
    assert month.until(later) == count
    assert later.plus(-count) == month
    assert (month < later) == (count > 0)


def test_months_run_across_the_year() -> None:
    """December is followed by January of the next year."""
    assert [str(month) for month in months_from(Month(2026, 11), 3)] == ["2026-11", "2026-12", "2027-01"]


def test_month_turns_at_midnight_in_jakarta() -> None:
    """A moment belongs to the month it has in Jakarta, seven hours ahead of UTC."""
    before = dt.datetime(2026, 12, 31, 16, 59, 59, tzinfo=dt.UTC)
    assert jakarta(before) == dt.date(2026, 12, 31)
    assert Month.of(before) == Month(2026, 12)
    assert Month.of(before + dt.timedelta(seconds=1)) == Month(2027, 1)
    assert Month.of(dt.date(2026, 12, 31)) == Month(2026, 12)


def test_moment_without_zone_is_refused() -> None:
    """A naive moment has no month."""
    with pytest.raises(ValueError, match="time zone"):
        Month.of(dt.datetime(2026, 12, 31))  # noqa: DTZ001


@given(MONTHS)
def test_month_survives_storage(month: Month) -> None:
    """A month within a stored struct comes back as a Month."""
    held = _Holder(month)
    assert msgspec.json.decode(msgspec.json.encode(held), type=_Holder) == held
