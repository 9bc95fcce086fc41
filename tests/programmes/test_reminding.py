"""When a member is reminded."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from conversations.months import Month, months_from
from conversations.programmes.calendar import due, inactive_from
from conversations.programmes.reminding import (
    EXTRA,
    RAMADAN,
    WIB,
    WIT,
    WITA,
    Habits,
    in_share,
    is_holiday,
    may_remind,
    next_allowed,
    plan,
    tomorrow,
    zone_of,
)

MOMENTS = some.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
)
ZONES = some.sampled_from((WIB, WITA, WIT))
MONTHS = some.builds(Month, some.integers(2026, 2028), some.integers(1, 12))
HABITS = some.builds(Habits, ZONES, some.integers(0, 31), some.booleans(), some.text(max_size=4))


def at(written: str, zone: dt.timezone = WIB) -> dt.datetime:
    """Read a moment by a clock on the wall."""
    return dt.datetime.fromisoformat(written).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("region", "zone"),
    [("3273", WIB), ("5171", WITA), ("73", WITA), ("6401011203900001", WITA), ("9471", WIT), ("81", WIT), ("", WIB)],
)
def test_the_zone_follows_from_the_province(region: str, zone: dt.timezone) -> None:
    """The first two digits of a region or a NIK tell the time zone."""
    assert zone_of(region) is zone


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-11-24T08:00", True),
        ("2026-11-24T07:59", False),
        ("2026-11-24T20:00", False),
        ("2026-11-27T11:45", False),
        ("2026-11-27T13:00", True),
        ("2026-11-26T11:45", True),
        ("2027-02-15T08:30", False),
        ("2027-02-15T18:00", False),
        ("2026-12-25T10:00", False),
    ],
)
def test_the_hours(moment: str, told: bool) -> None:
    """Between eight and eight where they live; not at Friday prayer, shorter in Ramadan, never on a holiday."""
    assert may_remind(at(moment), WIB) is told
    assert may_remind(at(moment, WIT), WIT) is told


@given(MOMENTS, ZONES)
def test_the_next_moment_is_allowed_and_soon(moment: dt.datetime, zone: dt.timezone) -> None:
    """Whatever the moment, the next one allowed is not before it, is allowed, and comes within a few days."""
    found = next_allowed(moment, zone)
    assert moment <= found < moment + dt.timedelta(days=4)
    assert may_remind(found, zone)
    assert next_allowed(found, zone) == found


@given(MONTHS, some.integers(0, 5), some.integers(0, 6), HABITS)
def test_a_plan(first: Month, paid: int, unpaid: int, habits: Habits) -> None:
    """A plan lies in its month, at most one reminder a day, all at allowed hours, and ends with the lapse."""
    month = first.plus(paid + unpaid)
    nudges = plan(months_from(first, paid), first, month, habits)
    local = [nudge.at.astimezone(habits.zone) for nudge in nudges]
    assert all(may_remind(moment, habits.zone) for moment in local)
    assert len({moment.date() for moment in local}) == len(local)
    assert local == sorted(local)
    lapsed = inactive_from(first.plus(paid - 1)).value
    moments = {nudge.moment for nudge in nudges}
    assert ("due" in moments) is (month < lapsed)
    assert ("last" in moments) is (month.plus(1) == lapsed)


@given(MONTHS, some.integers(0, 3), HABITS)
def test_fewer_nudges_never_lose_the_last_notice(first: Month, unpaid: int, habits: Habits) -> None:
    """Who gets fewer nudges loses extra ones alone."""
    every = plan((), first, first.plus(unpaid), habits._replace(fewer=False))
    fewer = plan((), first, first.plus(unpaid), habits._replace(fewer=True))
    assert [nudge for nudge in every if nudge.moment not in EXTRA] == list(fewer)


def test_a_paid_month_needs_no_reminder() -> None:
    """Nothing is planned for a month that is paid."""
    assert plan((Month(2026, 12),), Month(2026, 12), Month(2026, 12), Habits(WIB)) == ()


def test_the_payday_a_member_names_takes_the_place_of_the_nearest_nudge() -> None:
    """One before the due day replaces the early nudge, one after it the late one; a short month has its last day."""
    assert days_of(5) == {"payday": 5, "due": 15, "late": 18}
    assert days_of(31) == {"ahead": 10, "due": 15, "payday": 28}


def days_of(payday: int) -> dict[str, int]:
    """The days of the reminders for February 2027."""
    nudges = plan((), Month(2027, 1), Month(2027, 2), Habits(WIB, payday=payday))
    return {nudge.moment: nudge.at.astimezone(WIB).day for nudge in nudges}


def test_a_holiday_moves_the_nudge_and_the_due_day() -> None:
    """Before a holiday rather than on it; the due day is the calendar's."""
    month = Month(2026, 5)
    told = {nudge.moment: nudge.at.astimezone(WIB).date() for nudge in plan((), month, month, Habits(WIB))}
    assert told["due"] == due(month).value
    assert not any(map(is_holiday, told.values()))


def test_tomorrow_is_tomorrow_where_they_live() -> None:
    """Late in the evening in Papua tomorrow is the next morning there."""
    asked = at("2026-11-23T23:30", WIT)
    assert tomorrow(asked, Habits(WIT)).astimezone(WIT).date() == dt.date(2026, 11, 24)


def test_a_share_is_stable_and_about_as_large_as_asked_for() -> None:
    """The same enrolments are in it at every asking; none at 0 and all at 100 per cent."""
    references = [f"enrolment-{n}" for n in range(2_000)]
    chosen = {reference for reference in references if in_share(reference, 20)}
    assert 300 < len(chosen) < 500
    assert chosen == {reference for reference in references if in_share(reference, 20)}
    assert not any(in_share(reference, 0) for reference in references)
    assert all(in_share(reference, 100) for reference in references)


def test_ramadan_is_known_for_the_years_the_table_names() -> None:
    """Each fast lasts 29 or 30 days, a day more where sightings may differ."""
    assert all(29 <= (last - first).days + 1 <= 31 for first, last in RAMADAN.value)
