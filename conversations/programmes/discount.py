"""The cut of JKK and JKM under PP 50/2025: which contribution months, for whom, and where that is not certain."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from conversations.months import Month
from conversations.programmes.errors import UnknownPayerError, UnknownSectorError
from conversations.programmes.fact import Fact
from conversations.programmes.sources import PP_50_2025

SECTORS = ("transport", "other")
PAYERS = ("self", "state", "other")
"""Who pays the contribution: the worker, the national or a regional budget (APBN/APBD), or anybody else."""


class Discount(NamedTuple):
    """`percent` off JKK and JKM in the contribution months `first` through `last` of one sector; JHT stays whole."""

    sector: str
    first: Month
    last: Month
    percent: int


def _decreed(sector: str, first: Month, last: Month) -> Fact[Discount]:
    """The half price of PP 50/2025 for one sector."""
    after = last.plus(1)
    return Fact(
        Discount(sector, first, last, percent=50),
        PP_50_2025,
        "C-4",
        since=dt.date(first.year, first.month, 1),
        until=dt.date(after.year, after.month, 1) - dt.timedelta(days=1),
    )


DISCOUNTS = (
    _decreed("transport", Month(2026, 1), Month(2027, 3)),
    _decreed("other", Month(2026, 4), Month(2026, 12)),
)

NOT_FOR_STATE_PAID = Fact(
    "state",
    "PP 50/2025 (Kemnaker DG Indah Anggoro Putri, murianetwork 2026-01-13; okezone 2026-02-03)",
    "C-4",
)
"""Whose JKK and JKM are paid by APBN or APBD gets no discount."""


def discount_in(sector: str, month: Month) -> Fact[Discount] | None:
    """Return the discount that holds for a sector in a contribution month, if any."""
    for fact in DISCOUNTS:
        discount = fact.value
        if discount.sector == sector and discount.first <= month <= discount.last:
            return fact
    return None


def check_sector(sector: str) -> None:
    """Refuse what is not one of SECTORS.

    Raises:
        UnknownSectorError: with the sectors there are.
    """
    if sector not in SECTORS:
        raise UnknownSectorError(f"the sector is {' or '.join(SECTORS)}, not {sector!r}")


def check_payer(payer: str) -> None:
    """Refuse what is not one of PAYERS.

    Raises:
        UnknownPayerError: with the payers there are.
    """
    if payer not in PAYERS:
        raise UnknownPayerError(f"the payer is {', '.join(PAYERS)}, not {payer!r}")
