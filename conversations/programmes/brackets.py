"""The brackets of monthly income and the base (dasar penghasilan) each one stands for."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from conversations.programmes.errors import NegativeIncomeError
from conversations.programmes.fact import Fact
from conversations.programmes.sources import SIMULATION


class Bracket(NamedTuple):
    """One row of the annex, in rupiah a month: incomes `lower` to `upper` (None: and above) count as `base`."""

    row: int
    lower: int
    upper: int | None
    base: int


_ANNEX: tuple[tuple[int, int | None, int], ...] = (
    (0, 1_099_000, 1_000_000),
    (1_100_000, 1_299_000, 1_200_000),
    (1_300_000, 1_499_000, 1_400_000),
    (1_500_000, 1_699_000, 1_600_000),
    (1_700_000, 1_899_000, 1_800_000),
    (1_900_000, 2_099_000, 2_000_000),
    (2_100_000, 2_299_000, 2_200_000),
    (2_300_000, 2_499_000, 2_400_000),
    (2_500_000, 2_699_000, 2_600_000),
    (2_700_000, 3_199_000, 2_950_000),
    (3_200_000, 3_699_000, 3_450_000),
    (3_700_000, 4_199_000, 3_950_000),
    (4_200_000, 4_699_000, 4_450_000),
    (4_700_000, 5_199_000, 4_950_000),
    (5_200_000, 5_699_000, 5_450_000),
    (5_700_000, 6_199_000, 5_950_000),
    (6_200_000, 6_699_000, 6_450_000),
    (6_700_000, 7_199_000, 6_950_000),
    (7_200_000, 7_699_000, 7_450_000),
    (7_700_000, 8_199_000, 7_950_000),
    (8_200_000, 9_199_000, 8_700_000),
    (9_200_000, 10_199_000, 9_700_000),
    (10_200_000, 11_199_000, 10_700_000),
    (11_200_000, 12_199_000, 11_700_000),
    (12_200_000, 13_199_000, 12_700_000),
    (13_200_000, 14_199_000, 13_700_000),
    (14_200_000, 15_199_000, 14_700_000),
    (15_200_000, 16_199_000, 15_700_000),
    (16_200_000, 17_199_000, 16_700_000),
    (17_200_000, 18_199_000, 17_700_000),
    (18_200_000, 19_199_000, 18_700_000),
    (19_200_000, 20_199_000, 19_700_000),
    (20_200_000, None, 20_700_000),
)


def _known(row: int) -> Fact[Bracket]:
    """Only the two ends of the table were found in a second source."""
    bracket = Bracket(row, *_ANNEX[row - 1])
    if row in (1, len(_ANNEX)):
        return Fact(bracket, f"PP 44/2015 Lampiran II ({SIMULATION}, catatandigital.com)", "C-2")
    return Fact(bracket, f"PP 44/2015 Lampiran II ({SIMULATION})", "S")


BRACKETS = tuple(_known(row) for row in range(1, len(_ANNEX) + 1))

_LOWER_BOUNDS = tuple(lower for lower, _, _ in _ANNEX)


def bracket_of(income: int) -> Fact[Bracket]:
    """Return the bracket of a monthly income in rupiah: the last one whose lower bound is not above it.

    The lower bound decides because the annex leaves 999 rupiah open between one bracket and the next.

    Raises:
        NegativeIncomeError: an income below zero.
    """
    if income < 0:
        raise NegativeIncomeError(f"an income is zero or more rupiah a month, not {income}")
    return BRACKETS[bisect_right(_LOWER_BOUNDS, income) - 1]
