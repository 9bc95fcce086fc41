"""Due days and lapses."""

from __future__ import annotations

import datetime as dt

from conversations.months import Month
from conversations.programmes.calendar import due, inactive_from
from conversations.programmes.holidays import NO_DECREE, holidays, is_closed


def test_contribution_is_due_on_the_15th_of_its_own_month() -> None:
    """A month is to be paid by its own 15th, which rests on one source."""
    assert due(Month(2026, 12)).value == dt.date(2026, 12, 15)
    assert not due(Month(2026, 12)).plain


def test_membership_is_inactive_after_three_unpaid_months() -> None:
    """Three unpaid months are arrears, with the fourth the membership is inactive."""
    assert inactive_from(Month(2026, 11)).value == Month(2027, 3)
    assert inactive_from(Month(2026, 11)).plain


def test_a_due_day_on_a_closed_day_moves_to_the_next_open_one() -> None:
    """A weekend and a holiday that follows it both move the due day; collective leave doesn't."""
    assert due(Month(2026, 11)).value == dt.date(2026, 11, 16)
    assert due(Month(2027, 5)).value == dt.date(2027, 5, 18)
    assert due(Month(2027, 3)).value == dt.date(2027, 3, 15)


def test_a_year_without_a_decree_knows_weekends_alone() -> None:
    """A year whose decree isn't known yet has weekends, and its source says so."""
    assert holidays(2040).value == frozenset()
    assert due(Month(2040, 1)).value == dt.date(2040, 1, 16)
    assert NO_DECREE in due(Month(2040, 1)).source


def test_a_decree_is_named_as_the_source() -> None:
    """The holidays of a year name the decree that sets them."""
    assert "SKB" in holidays(2026).source
    assert is_closed(dt.date(2026, 8, 17))
    assert not is_closed(dt.date(2026, 8, 18))
