"""What a membership is, held against a table made by hand (`memberships.toml`)."""

from __future__ import annotations

import datetime as dt
import itertools
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.months import Month, months_from
from conversations.programmes.calendar import inactive_from
from conversations.programmes.membership import Membership, membership, runs_of

CASES = tomllib.loads((Path(__file__).parent / "memberships.toml").read_text(encoding="utf-8"))["case"]
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2031, 12, 31))
MONTHS = st.builds(Month, st.integers(2024, 2030), st.integers(1, 12))
PAID = st.frozensets(MONTHS, max_size=24)


def months_of(written: list[str]) -> list[Month]:
    """Read "2026-11" and "2026-11..2027-01"."""
    found: list[Month] = []
    for span in written:
        first, _, last = span.partition("..")
        begin, end = Month.parse(first), Month.parse(last or first)
        found.extend(months_from(begin, begin.until(end) + 1))
    return found


def expected(told: dict[str, Any]) -> Membership:
    """The membership as a case of the table has it."""

    def month(name: str) -> Month | None:
        return Month.parse(told[name]) if name in told else None

    return Membership(
        told["state"],
        Month.parse(told["next"]),
        told["due"],
        month("since"),
        month("until"),
        tuple(months_of(told.get("owed", []))),
        month("inactive"),
        told["jkm"],
        month("full"),
        told.get("returned", False),
        tuple(told.get("doubts", ())),
    )


def test_the_table_has_forty_cases() -> None:
    """At least forty cases are worked out by hand, each with a word of why and no two alike."""
    assert len(CASES) >= 40
    assert len({(str(case["paid"]), case["on"]) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"][:60])
def test_is_what_the_table_says(case: dict[str, Any]) -> None:
    """Each case comes out as worked out by hand, its anniversary too."""
    found = membership(months_of(case["paid"]), case["on"])
    assert found == expected(case["is"])
    assert found.years(Month.of(case["on"])) == case["is"].get("years", 0)


@given(PAID, DAYS)
def test_covered_means_that_the_running_month_is_paid(paid: frozenset[Month], today: dt.date) -> None:
    """Covered is who paid the running month, and nobody else."""
    assert (membership(paid, today).state == "covered") == (Month.of(today) in paid)


@given(PAID, DAYS)
def test_what_comes_next_is_never_paid(paid: frozenset[Month], today: dt.date) -> None:
    """The month to pay next is unpaid, and owed are only unpaid months that are not ahead."""
    found = membership(paid, today)
    assert found.next not in paid
    assert not set(found.owed) & paid
    assert all(month <= Month.of(today) for month in found.owed)
    assert len(found.owed) <= 3


@given(PAID, DAYS)
def test_paying_what_comes_next_never_makes_it_worse(paid: frozenset[Month], today: dt.date) -> None:
    """Who pays the next month owes no more than before and counts no fewer months."""
    before = membership(paid, today)
    after = membership(paid | {before.next}, today)
    assert len(after.owed) <= len(before.owed)
    assert after.jkm_months >= before.jkm_months or before.state == "inactive"
    assert after.state != "inactive"


@given(PAID, DAYS)
def test_a_lapse_follows_from_the_calendar(paid: frozenset[Month], today: dt.date) -> None:
    """Inactive begins with the month that the calendar names for the last paid one, told months before."""
    found = membership(paid, today)
    if found.until is not None and found.inactive_from is not None:
        assert found.inactive_from == inactive_from(found.until).value
        assert (found.state == "inactive") == (Month.of(today) >= found.inactive_from)


@given(PAID)
def test_runs_hold_each_month_once(paid: frozenset[Month]) -> None:
    """Runs cover the paid months, each once, with a gap between one and the next."""
    runs = runs_of(paid)
    assert [month for run in runs for month in months_from(run.first, run.length)] == sorted(paid)
    assert all(one.last.plus(1) < other.first for one, other in itertools.pairwise(runs))
