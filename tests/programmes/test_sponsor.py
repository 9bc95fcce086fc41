"""What is left to pay where somebody pays a part."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from conversations.months import Month
from conversations.programmes.contribution import PAIR, TRIO, Quote, quote
from conversations.programmes.sponsor import Sponsor, less_share

PRICES = some.builds(
    quote,
    some.integers(1_000_000, 20_000_000),
    some.sampled_from(("transport", "other")),
    some.sampled_from((PAIR, TRIO)),
    some.just(Month(2026, 12)),
    some.integers(1, 12),
    some.sampled_from(("state", "other")),
)


@given(PRICES, some.integers(0, 100))
def test_a_share_is_taken_off_jkk_and_jkm_alone(price: Quote, share: int) -> None:
    """JHT stays whole, the rest is what the sponsor leaves, never below zero, and adds up to the total."""
    left = less_share(price, share)
    for before, after in zip(price.months, left.months, strict=True):
        assert after.jht == before.jht
        assert min(after.jkk, after.jkm) >= 0
        assert after.jkk + after.jkm == before.jkk + before.jkm - (before.jkk + before.jkm) * share // 100
    assert left.total == sum(month.jkk + month.jkm + month.jht for month in left.months)


def test_who_pays_all_leaves_the_savings() -> None:
    """At a hundred per cent nothing but JHT is left; JHT is the worker's own."""
    assert less_share(quote(2_000_000, "other", PAIR, Month(2026, 12), 3, "state"), 100).total == 0
    assert less_share(quote(2_000_000, "other", TRIO, Month(2026, 12), 1, "state"), 100).total == 40_000


def test_a_sponsor_pays_from_the_first_month_through_the_last() -> None:
    """Before and after the worker pays alone."""
    sponsor = Sponsor("c", "Pemkab", "state", 100, Month(2026, 12), Month(2027, 2))
    covered = [sponsor.covers(Month(2026, 11).plus(n)) for n in range(5)]
    assert covered == [False, True, True, True, False]
