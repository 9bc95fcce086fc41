"""The brackets of income."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.programmes.brackets import BRACKETS, bracket_of
from conversations.programmes.errors import NegativeIncomeError
from tests.programmes.annex import ROWS


def test_brackets_are_those_of_the_annex() -> None:
    """The table holds the 33 checked rows in their order."""
    assert [fact.value[1:] for fact in BRACKETS] == [(row.lower, row.upper, row.base) for row in ROWS]
    assert [fact.value.row for fact in BRACKETS] == list(range(1, 34))


def test_lower_bound_of_the_next_bracket_ends_a_bracket() -> None:
    """An income short of the next lower bound stays in the bracket before, in the gap of the annex too."""
    for below, above in pairwise(BRACKETS):
        bound = above.value.lower
        assert bracket_of(bound) is above
        assert bracket_of(bound - 1) is below
        assert bracket_of(bound - 1_000) is below


@given(st.integers(min_value=0), st.integers(min_value=0))
def test_more_income_is_never_a_lower_base(one: int, other: int) -> None:
    """The base does not fall when the income rises."""
    low, high = sorted((one, other))
    assert bracket_of(low).value.base <= bracket_of(high).value.base


def test_only_the_ends_of_the_table_are_plain() -> None:
    """Brackets 2 to 32 rest on a single source and are told as an estimate."""
    assert [fact.value.row for fact in BRACKETS if fact.plain] == [1, 33]


def test_negative_income_is_refused() -> None:
    """There is no bracket below zero."""
    with pytest.raises(NegativeIncomeError, match="not -1"):
        bracket_of(-1)
