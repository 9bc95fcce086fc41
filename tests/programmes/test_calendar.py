"""Due days and lapses."""

from __future__ import annotations

import datetime as dt

from conversations.months import Month
from conversations.programmes.calendar import due, inactive_from


def test_contribution_is_due_on_the_15th_of_its_own_month() -> None:
    """A month is to be paid by its own 15th, which rests on one source."""
    assert due(Month(2026, 12)).value == dt.date(2026, 12, 15)
    assert not due(Month(2026, 12)).plain


def test_membership_is_inactive_after_three_unpaid_months() -> None:
    """Three unpaid months are arrears, with the fourth the membership is inactive."""
    assert inactive_from(Month(2026, 11)).value == Month(2027, 3)
    assert inactive_from(Month(2026, 11)).plain
