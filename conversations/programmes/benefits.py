"""What JKK, JKM and JHT pay: the figures, and what they come to for one base.

`base` is a bracket's base (dasar penghasilan) in rupiah a month. Each amount is worked out as a Fact, so that whoever
puts it in a text can see how surely it may be said.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import NamedTuple

from conversations.programmes.contribution import JHT_PERCENT
from conversations.programmes.fact import Fact, conclude
from conversations.programmes.sources import BROCHURE, PERMENAKER_1_2025, PP_46_2015, PP_82_2019

_PP_82_2019_SINCE = dt.date(2019, 12, 2)
_PERMENAKER_1_2025_SINCE = dt.date(2025, 2, 24)


class Payout(NamedTuple):
    """Rupiah paid once: `lump` for the loss itself, `periodical` allowance paid at once, `funeral` costs."""

    lump: int
    periodical: int = 0
    funeral: int = 0

    @property
    def total(self) -> int:
        """All of it together."""
        return self.lump + self.periodical + self.funeral


class Transport(NamedTuple):
    """The most that is paid to bring the victim away, in rupiah by way of travel."""

    land: int
    sea: int
    air: int


class Stage(NamedTuple):
    """One stage of schooling: rupiah for a year, for at most so many years."""

    name: str
    yearly: int
    years: int


# --- JKK: accident at work, disease caused by work -------------------------------------------------------------------

TREATMENT = Fact(
    "as medically needed, no ceiling, at partner clinics and hospitals",
    f"{PP_82_2019}; ngopibareng.id 2022-03-12",
    "C-5",
)
TRANSPORT = Fact(Transport(land=5_000_000, sea=2_000_000, air=10_000_000), PP_82_2019, "C-3", _PP_82_2019_SINCE)
HOMECARE_MOST = Fact(20_000_000, PP_82_2019, "C-4", _PP_82_2019_SINCE)
HOMECARE_YEARS = Fact(1, PP_82_2019, "C-4", _PP_82_2019_SINCE)
DENTURE_MOST = Fact(5_000_000, BROCHURE, "S")
HEARING_AID_MOST = Fact(2_500_000, BROCHURE, "S")
GLASSES_MOST = Fact(1_000_000, BROCHURE, "S")
CLAIM_EXPIRY_YEARS = Fact(5, f"PP 82/2019 Pasal 26 (JDIH Kemnaker, {BROCHURE})", "C-2", _PP_82_2019_SINCE)
REPORT_WITHIN_HOURS = Fact(48, "Permenaker 1/2025 Pasal 8 (pasal.id, joglojateng 2025-03-28)", "C-4")
"""To be tried; a later report still counts, the penalty for lateness is the employers'."""

STMB_FULL_MONTHS = Fact(12, PP_82_2019, "C-5", _PP_82_2019_SINCE)
"""So many months of lost income are made good in full, later ones by STMB_LATER_PERCENT until recovered."""
STMB_LATER_PERCENT = Fact(50, PP_82_2019, "C-5", _PP_82_2019_SINCE)

PARTIAL_DISABILITY_BASES = Fact(80, f"{BROCHURE}; Peraturan BKN 4/2020", "C-2")
"""Times the base, times the per cent that the official table gives for the part of the body."""
TOTAL_DISABILITY_BASES = Fact(56, f"{PP_82_2019}; malangtimes.com 2026-01-23", "C-5", _PP_82_2019_SINCE)
ACCIDENT_DEATH_BASES = Fact(48, f"{PP_82_2019}; malangtimes.com 2026-01-23", "C-4", _PP_82_2019_SINCE)
ACCIDENT_PERIODICAL = Fact(12_000_000, PP_82_2019, "C-4", _PP_82_2019_SINCE)
ACCIDENT_FUNERAL = Fact(10_000_000, PP_82_2019, "C-4", _PP_82_2019_SINCE)


def stmb(base: int, month: int) -> Fact[int]:
    """Return the income made good in the n-th month, counted from 1, of being unable to work after an accident.

    Raises:
        ValueError: a month before the first.
    """
    if month < 1:
        raise ValueError(f"months of treatment are counted from 1, not {month}")
    percent = 100 if month <= STMB_FULL_MONTHS.value else STMB_LATER_PERCENT.value
    return conclude(base * percent // 100, STMB_FULL_MONTHS, STMB_LATER_PERCENT)


@lru_cache(maxsize=1024)
def total_disability(base: int) -> Fact[Payout]:
    """Return what permanent total disability pays.

    Only the multiple of the base: whether the periodical allowance comes on top or instead is not known.
    """
    return conclude(Payout(TOTAL_DISABILITY_BASES.value * base), TOTAL_DISABILITY_BASES)


@lru_cache(maxsize=1024)
def accident_death(base: int) -> Fact[Payout]:
    """Return what the family gets after a death by an accident at work."""
    payout = Payout(ACCIDENT_DEATH_BASES.value * base, ACCIDENT_PERIODICAL.value, ACCIDENT_FUNERAL.value)
    return conclude(payout, ACCIDENT_DEATH_BASES, ACCIDENT_PERIODICAL, ACCIDENT_FUNERAL)


# --- JKM: death from any other cause ---------------------------------------------------------------------------------

_JKM = f"{PP_82_2019}; {PERMENAKER_1_2025}"

JKM_DEATH = Fact(20_000_000, _JKM, "C-6", _PP_82_2019_SINCE)
JKM_PERIODICAL = Fact(12_000_000, _JKM, "C-6", _PP_82_2019_SINCE)
JKM_FUNERAL = Fact(10_000_000, _JKM, "C-6", _PP_82_2019_SINCE)
JKM_FULL_AFTER_MONTHS = Fact(3, PERMENAKER_1_2025, "C-3", _PERMENAKER_1_2025_SINCE)
JKM_BEFORE = Fact(10_000_000, PERMENAKER_1_2025, "C-3", _PERMENAKER_1_2025_SINCE)


@lru_cache(maxsize=1024)
def natural_death(months_paid: int) -> Fact[Payout]:
    """Return what the family gets after a death not caused by work.

    `months_paid` counts contribution months that have gone by. Whether months paid in advance count at once, and
    whether a lapse starts the count anew, is not known, so such months are not for this count.
    """
    if months_paid < JKM_FULL_AFTER_MONTHS.value:
        # One sum, because the sources do not agree on what it is made of.
        return conclude(Payout(JKM_BEFORE.value), JKM_BEFORE, JKM_FULL_AFTER_MONTHS)
    payout = Payout(JKM_DEATH.value, JKM_PERIODICAL.value, JKM_FUNERAL.value)
    return conclude(payout, JKM_DEATH, JKM_PERIODICAL, JKM_FUNERAL, JKM_FULL_AFTER_MONTHS)


# --- scholarship of the children, JKK and JKM ------------------------------------------------------------------------

SCHOLARSHIP = Fact(
    (
        Stage("tk", 1_500_000, 2),
        Stage("sd", 1_500_000, 6),
        Stage("smp", 2_000_000, 3),
        Stage("sma", 3_000_000, 3),
        Stage("pt", 12_000_000, 5),
    ),
    PP_82_2019,
    "C-3",
    _PP_82_2019_SINCE,
)
SCHOLARSHIP_CHILDREN = Fact(2, PP_82_2019, "C-3", _PP_82_2019_SINCE)
SCHOLARSHIP_UNTIL_AGE = Fact(23, PP_82_2019, "C-3", _PP_82_2019_SINCE)
"""Or until the child marries or works, whichever comes first."""
SCHOLARSHIP_JKM_YEARS = Fact(3, f"{PP_82_2019}; {PERMENAKER_1_2025}", "C-5")
"""Years of contributions before a death not caused by work brings a scholarship."""
SCHOLARSHIP_JKK_YEARS = Fact(0, PP_82_2019, "C-3")
"""After death or permanent total disability by an accident at work it applies at once."""


@lru_cache(maxsize=1024)
def scholarship_max() -> Fact[int]:
    """Return the most there can be: all children it is given for, each from kindergarten to university."""
    one_child = sum(stage.yearly * stage.years for stage in SCHOLARSHIP.value)
    return conclude(one_child * SCHOLARSHIP_CHILDREN.value, SCHOLARSHIP, SCHOLARSHIP_CHILDREN)


SCHOOL_FROM = {"tk": 4, "sd": 6, "smp": 12, "sma": 15, "pt": 18}
"""The youngest usual ages at which the stages begin. Ours, so what follows from them is an estimate."""

_STRAIGHT_THROUGH = Fact("a child goes through school without a break", "our arithmetic", "CALC")


def scholarship_left(age: int) -> Fact[int]:
    """Return what one child of an age in years would get from here on, going through school without a break."""
    stages = (
        (stage.yearly, SCHOOL_FROM[stage.name], SCHOOL_FROM[stage.name] + stage.years) for stage in SCHOLARSHIP.value
    )
    until = SCHOLARSHIP_UNTIL_AGE.value
    left = sum(yearly * max(0, min(end, until) - max(begin, age)) for yearly, begin, end in stages)
    return conclude(left, SCHOLARSHIP, SCHOLARSHIP_UNTIL_AGE, _STRAIGHT_THROUGH)


def scholarship_for(ages: tuple[int, ...]) -> Fact[int]:
    """Return what the children of one member would get: those with the most left, as many as it is given for."""
    left = sorted((scholarship_left(age).value for age in ages), reverse=True)
    return conclude(sum(left[: SCHOLARSHIP_CHILDREN.value]), SCHOLARSHIP, SCHOLARSHIP_CHILDREN, _STRAIGHT_THROUGH)


# --- JHT: savings ----------------------------------------------------------------------------------------------------

JHT_AGE = Fact(56, PP_46_2015, "C-4")
JHT_STOP_WAIT_MONTHS = Fact(1, PP_46_2015, "C-4")
"""The wait after a worker stops their work or business."""
JHT_PARTIAL_YEARS = Fact(10, PP_46_2015, "C-4")
"""Years of membership before a part may be taken out."""
JHT_PARTIAL_HOUSING_PERCENT = Fact(30, PP_46_2015, "C-4")
JHT_PARTIAL_OTHER_PERCENT = Fact(10, PP_46_2015, "C-4")
JHT_PARTIAL_TIMES = Fact(1, PP_46_2015, "C-4")


def jht_saved(base: int, months: int) -> Fact[int]:
    """Return the contributions saved in so many months, without the yearly development result, which is not known."""
    return conclude(base * JHT_PERCENT.value // 100 * months, JHT_PERCENT)
