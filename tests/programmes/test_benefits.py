"""What the programmes pay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.programmes import benefits
from tests.programmes.annex import ROWS


@pytest.mark.parametrize(
    ("base", "total"), [(1_000_000, 70_000_000), (2_950_000, 163_600_000), (20_700_000, 1_015_600_000)]
)
def test_death_by_accident_pays_48_bases_and_two_sums(base: int, total: int) -> None:
    """The family gets 48 bases, 12 million of allowance and 10 million for the funeral."""
    death = benefits.accident_death(base)
    assert death.value == (48 * base, 12_000_000, 10_000_000)
    assert death.value.total == total
    assert death.confidence == "C-4"


def test_total_disability_pays_56_bases() -> None:
    """Permanent total disability pays 56 bases; the uncertain allowance is not added."""
    disability = benefits.total_disability(1_000_000)
    assert disability.value.total == 56_000_000
    assert disability.confidence == "C-5"


@pytest.mark.parametrize(("month", "rupiah"), [(1, 2_950_000), (12, 2_950_000), (13, 1_475_000), (40, 1_475_000)])
def test_lost_income_is_made_good_by_half_after_a_year(month: int, rupiah: int) -> None:
    """A year of treatment is paid in full and what follows by half."""
    assert benefits.stmb(2_950_000, month).value == rupiah
    assert benefits.stmb(2_950_000, month).plain


def test_treatment_has_no_month_zero() -> None:
    """Months of treatment are counted from one."""
    with pytest.raises(ValueError, match="from 1, not 0"):
        benefits.stmb(1_000_000, 0)


@pytest.mark.parametrize(
    ("months_paid", "total"), [(0, 10_000_000), (2, 10_000_000), (3, 42_000_000), (60, 42_000_000)]
)
def test_full_jkm_needs_three_months(months_paid: int, total: int) -> None:
    """A death not caused by work pays 42 million after three months of contributions and 10 million before."""
    death = benefits.natural_death(months_paid)
    assert death.value.total == total
    assert death.confidence == "C-3"
    assert death.since.isoformat() == "2025-02-24"


def test_scholarship_is_at_most_two_whole_school_careers() -> None:
    """Two children from kindergarten to university come to 174 million."""
    assert benefits.scholarship_max().value == 174_000_000
    assert benefits.scholarship_max().plain


def test_savings_are_the_jht_contributions() -> None:
    """A year saves twelve times the month's JHT, without any development result."""
    for row in ROWS:
        assert benefits.jht_saved(row.base, 12).value == 12 * row.jht


def test_what_one_source_says_is_not_plain() -> None:
    """Sums known from the brochure alone are told as "menurut brosur"."""
    for fact in (benefits.DENTURE_MOST, benefits.HEARING_AID_MOST, benefits.GLASSES_MOST):
        assert not fact.plain


def test_a_baby_gets_all_stages_and_a_grown_child_none() -> None:
    """From birth a child gets as much as the rules give one child at most; at the end age nothing is left."""
    assert benefits.scholarship_left(0).value * benefits.SCHOLARSHIP_CHILDREN.value == benefits.scholarship_max().value
    assert benefits.scholarship_left(benefits.SCHOLARSHIP_UNTIL_AGE.value).value == 0


@given(st.integers(0, 40))
def test_an_older_child_gets_no_more(age: int) -> None:
    """What is left of the scholarship never grows with age, and is told as an estimate."""
    left = benefits.scholarship_left(age)
    assert left.value >= benefits.scholarship_left(age + 1).value >= 0
    assert not left.plain


@given(st.lists(st.integers(0, 30), max_size=6))
def test_only_so_many_children_count(ages: list[int]) -> None:
    """Of many children those with the most left count, and together never more than the rules' maximum."""
    both = benefits.scholarship_for(tuple(ages)).value
    each = sorted((benefits.scholarship_left(age).value for age in ages), reverse=True)
    assert both == sum(each[:2]) <= benefits.scholarship_max().value
