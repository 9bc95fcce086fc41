"""When contributions are due and what becomes of a membership that is not paid."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from conversations.months import Month
from conversations.programmes.fact import Fact, conclude
from conversations.programmes.holidays import holidays, is_closed
from conversations.programmes.sources import OFFICIAL_FAQ, PERDIR_22_2022

DUE_DAY = Fact(15, "PP 44/2015 (keuangan.kontan.co.id)", "S")
"""The last day to pay, in the contribution month itself."""

ARREARS_MONTHS = Fact(3, f"{PERDIR_22_2022}; {OFFICIAL_FAQ}", "C-2")
"""So many unpaid months in a row are arrears; with one more the membership is inactive."""

LATE_FINE = Fact(0, OFFICIAL_FAQ, "S")
"""Rupiah added for paying late."""

OLD_ARREARS_CHARGED = Fact(False, OFFICIAL_FAQ, "S")
"""Whether somebody who comes back after a lapse pays for the months missed."""

CARD_WITHIN_DAYS = Fact(7, "parapuan.co 2021-09-23, harianmuba, jacmelchamber", "C-3")
"""Days after the payment by which the digital card is there."""


@lru_cache(maxsize=512)
def due(month: Month) -> Fact[dt.date]:
    """Return the last day to pay for a contribution month; one on which offices are closed moves to the next open."""
    day = dt.date(month.year, month.month, DUE_DAY.value)
    while is_closed(day):
        day += dt.timedelta(days=1)
    return conclude(day, DUE_DAY, holidays(month.year))


def inactive_from(paid_until: Month) -> Fact[Month]:
    """Return the first month in which a membership last paid for `paid_until` is inactive if nothing more is paid."""
    return conclude(paid_until.plus(ARREARS_MONTHS.value + 1), ARREARS_MONTHS)
