"""The price of contribution months."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.months import Month
from conversations.programmes.contribution import PAIR, TRIO, quote
from conversations.programmes.discount import PAYERS, SECTORS
from conversations.programmes.errors import (
    MonthsOutOfRangeError,
    NegativeIncomeError,
    UnknownPayerError,
    UnknownProgrammesError,
    UnknownSectorError,
)
from tests.programmes.annex import ROWS, Row

BEFORE = Month(2025, 12)
MIDDLE = Month(2026, 11)
AFTER = Month(2027, 4)

MONTHS = st.builds(Month, st.integers(2025, 2028), st.integers(1, 12))
PROGRAMMES = st.sampled_from([PAIR, TRIO])


# --- the table -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sector", SECTORS)
@pytest.mark.parametrize("month", [BEFORE, AFTER], ids=str)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.base))
def test_normal_tariff_is_that_of_the_table(row: Row, month: Month, sector: str) -> None:
    """Outside the discount every bracket costs what the table says, for both sectors."""
    (trio,) = quote(row.lower, sector, TRIO, month, 1).months
    assert trio == (month, row.jkk, 6_800, row.jht)
    assert quote(row.lower, sector, TRIO, month, 1).total == row.trio
    (pair,) = quote(row.lower, sector, PAIR, month, 1).months
    assert pair == (month, row.jkk, 6_800, 0)
    assert quote(row.lower, sector, PAIR, month, 1).total == row.pair


@pytest.mark.parametrize("sector", SECTORS)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.base))
def test_discounted_tariff_is_that_of_the_table(row: Row, sector: str) -> None:
    """Within the discount JKK and JKM are halved in every bracket and JHT is not."""
    income = row.upper or row.lower
    trio = quote(income, sector, TRIO, MIDDLE, 1)
    assert trio.months == ((MIDDLE, row.jkk // 2, 3_400, row.jht),)
    assert (trio.total, trio.normal_total) == (row.trio_discounted, row.trio)
    pair = quote(income, sector, PAIR, MIDDLE, 1)
    assert (pair.total, pair.normal_total) == (row.pair_discounted, row.pair)
    assert trio.base == pair.base == row.base


# --- the months of the discount --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sector", "month", "total"),
    [
        ("transport", Month(2025, 12), 16_800),
        ("transport", Month(2026, 1), 8_400),
        ("transport", Month(2026, 3), 8_400),
        ("transport", Month(2026, 12), 8_400),
        ("transport", Month(2027, 1), 8_400),
        ("transport", Month(2027, 3), 8_400),
        ("transport", Month(2027, 4), 16_800),
        ("other", Month(2026, 1), 16_800),
        ("other", Month(2026, 3), 16_800),
        ("other", Month(2026, 4), 8_400),
        ("other", Month(2026, 12), 8_400),
        ("other", Month(2027, 1), 16_800),
        ("other", Month(2027, 4), 16_800),
    ],
)
def test_discount_holds_in_its_months_only(sector: str, month: Month, total: int) -> None:
    """Transport is half price from January 2026 to March 2027, the others from April to December 2026."""
    assert quote(0, sector, PAIR, month, 1).total == total


@pytest.mark.parametrize(
    ("months", "transport", "other"),
    [(1, 8_400, 8_400), (3, 25_200, 33_600), (6, 58_800, 84_000), (12, 159_600, 184_800)],
)
def test_paying_ahead_counts_each_month_by_itself(months: int, transport: int, other: int) -> None:
    """Months paid ahead from November 2026 are each priced as the month they are."""
    assert quote(1_000_000, "transport", PAIR, MIDDLE, months).total == transport
    assert quote(1_000_000, "other", PAIR, MIDDLE, months).total == other


def test_year_across_the_end_of_the_discount_is_priced_month_by_month() -> None:
    """Across December 2026 the first months are half price, the later ones whole, and the saving is told."""
    priced = quote(1_000_000, "other", TRIO, MIDDLE, 3)
    assert priced.months == (
        (Month(2026, 11), 5_000, 3_400, 20_000),
        (Month(2026, 12), 5_000, 3_400, 20_000),
        (Month(2027, 1), 10_000, 6_800, 20_000),
    )
    assert (priced.total, priced.discount, priced.normal_total) == (93_600, 16_800, 110_400)


@pytest.mark.parametrize(
    ("sector", "first", "until"),
    [
        ("transport", Month(2026, 11), Month(2027, 3)),
        ("other", Month(2026, 11), Month(2026, 12)),
        ("other", Month(2026, 3), None),
        ("other", Month(2027, 1), None),
    ],
)
def test_last_discounted_month_is_told_while_it_runs(sector: str, first: Month, until: Month | None) -> None:
    """A quote that starts with the discount says until which month it holds."""
    assert quote(0, sector, PAIR, first, 3).discount_until == until


# --- who pays, and what is certain -----------------------------------------------------------------------------------


def test_state_paid_gets_no_discount_for_certain() -> None:
    """Whose contribution a public budget pays has the normal tariff, across the discount's end too."""
    priced = quote(0, "other", PAIR, MIDDLE, 3, payer="state")
    assert (priced.total, priced.discount, priced.discount_until) == (50_400, 0, None)
    assert priced.certain
    assert any("murianetwork" in source for source in priced.sources)


@pytest.mark.parametrize(
    ("payer", "employer", "doubts"),
    [("other", False, ("payer",)), ("self", True, ("owner",)), ("other", True, ("payer", "owner"))],
)
def test_unclear_discount_is_left_out_and_doubted(payer: str, employer: bool, doubts: tuple[str, ...]) -> None:
    """Village and private money and owners with workers get the normal tariff, as an estimate."""
    priced = quote(0, "transport", TRIO, MIDDLE, 1, payer, employer)
    assert (priced.total, priced.discount) == (36_800, 0)
    assert priced.doubts == doubts
    assert not priced.certain


def test_owner_is_quoted_what_is_asked() -> None:
    """An owner who asks for two programmes is told their price, as an estimate."""
    priced = quote(0, "other", PAIR, AFTER, 1, employer=True)
    assert priced.total == 16_800
    assert not priced.certain


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.base))
def test_bracket_of_a_single_source_is_an_estimate(row: Row) -> None:
    """Only the lowest and the highest bracket can be told plainly."""
    assert quote(row.lower, "other", PAIR, MIDDLE, 1).certain is (row.base in (1_000_000, 20_700_000))


@pytest.mark.parametrize(
    ("sector", "first", "months", "certain"),
    [
        ("other", Month(2026, 11), 2, True),
        ("other", Month(2026, 12), 2, False),
        ("other", Month(2026, 3), 2, False),
        ("other", Month(2027, 1), 12, True),
        ("transport", Month(2026, 12), 4, True),
        ("transport", Month(2027, 3), 2, False),
        ("transport", Month(2027, 4), 12, True),
    ],
)
def test_total_across_the_discount_s_end_is_an_estimate(sector: str, first: Month, months: int, certain: bool) -> None:
    """Months of which some are discounted and some are not are an estimate, others are certain."""
    assert quote(0, sector, PAIR, first, months).certain is certain


def test_sources_name_what_was_used() -> None:
    """A quote names the sources of its bracket, its programmes and its discount, each once."""
    pair = quote(0, "other", PAIR, AFTER, 12).sources
    trio = quote(0, "other", TRIO, MIDDLE, 12).sources
    assert len(trio) == len(set(trio))
    assert [name for name in ("JKK", "JKM", "JHT", "PP 50/2025") if any(name in source for source in pair)] == [
        "JKK",
        "JKM",
    ]
    assert all(any(name in source for source in trio) for name in ("JKK", "JKM", "JHT", "PP 50/2025"))


# --- any quote -------------------------------------------------------------------------------------------------------


@given(
    st.integers(min_value=0),
    st.sampled_from(SECTORS),
    PROGRAMMES,
    MONTHS,
    st.integers(1, 12),
    st.sampled_from(PAYERS),
    st.booleans(),
)
def test_parts_add_up(
    income: int, sector: str, programmes: frozenset[str], first: Month, months: int, payer: str, employer: bool
) -> None:
    """The total is the sum of its parts, and the discount at most half of the normal JKK and JKM."""
    priced = quote(income, sector, programmes, first, months, payer, employer)
    assert [price.month for price in priced.months] == [first.plus(n) for n in range(months)]
    assert priced.total == sum(price.jkk + price.jkm + price.jht for price in priced.months)
    assert priced.normal_total - priced.discount == priced.total
    assert 0 <= priced.discount * 2 <= (priced.base // 100 + 6_800) * months
    assert all(bool(price.jht) == ("jht" in programmes) for price in priced.months)


@given(st.integers(min_value=0), st.integers(min_value=0), st.sampled_from(SECTORS), PROGRAMMES, MONTHS)
def test_more_income_never_costs_less(
    one: int, other: int, sector: str, programmes: frozenset[str], month: Month
) -> None:
    """The price does not fall when the income rises."""
    low, high = sorted((one, other))
    assert quote(low, sector, programmes, month, 1).total <= quote(high, sector, programmes, month, 1).total


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "programmes",
    [(), ("jkk",), ("jkm",), ("jht",), ("jkk", "jht"), ("jkm", "jht"), ("jkk", "jkm", "jp"), ("JKK", "JKM")],
)
def test_other_combinations_are_refused(programmes: tuple[str, ...]) -> None:
    """JKK and JKM go together, JHT comes on top, and nothing else exists."""
    with pytest.raises(UnknownProgrammesError, match="jkk,jkm or jkk,jkm,jht"):
        quote(0, "other", programmes, MIDDLE, 1)


@pytest.mark.parametrize("months", [-1, 0, 13, 10**9])
def test_only_a_year_can_be_paid_at_once(months: int) -> None:
    """One to twelve months are priced."""
    with pytest.raises(MonthsOutOfRangeError, match="1 to 12 months"):
        quote(0, "other", PAIR, MIDDLE, months)


def test_unknown_words_are_refused() -> None:
    """A sector, a payer or an income that does not exist is refused, each as a ValueError of its own."""
    with pytest.raises(UnknownSectorError, match="transport or other, not 'boats'"):
        quote(0, "boats", PAIR, MIDDLE, 1)
    with pytest.raises(UnknownPayerError, match="self, state, other, not 'aunt'"):
        quote(0, "other", PAIR, MIDDLE, 1, payer="aunt")
    with pytest.raises(NegativeIncomeError, match="not -5"):
        quote(-5, "other", PAIR, MIDDLE, 1)
