"""What a worker pays: programmes, tariffs, and the price of some contribution months, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any, NamedTuple

import msgspec

from conversations.months import Month, months_from
from conversations.programmes.brackets import Bracket, bracket_of
from conversations.programmes.discount import NOT_FOR_STATE_PAID, Discount, check_payer, check_sector, discount_in
from conversations.programmes.errors import MonthsOutOfRangeError, UnknownProgrammesError
from conversations.programmes.fact import Fact
from conversations.programmes.sources import BROCHURE, PROGRAMMES_SITE, SIMULATION

# --- the programmes --------------------------------------------------------------------------------------------------

PAIR = frozenset({"jkk", "jkm"})
TRIO = PAIR | {"jht"}

OBLIGATORY = Fact(
    PAIR, f"Kompas 2024-08-09, {PROGRAMMES_SITE}, {BROCHURE}, bpjsketenagakerjaan.go.id/artikel/18921", "C-4"
)
"""JKK and JKM are one packet; JHT is the worker's own choice."""

OBLIGATORY_FOR_OWNERS = Fact(TRIO, f"Permenaker 5/2021 Pasal 31-32 ({PROGRAMMES_SITE})", "S")
"""Who employs others takes JHT too, by one reading of the regulation."""

CLOSED = Fact(frozenset({"jp", "jkp"}), f"{PROGRAMMES_SITE}, {BROCHURE}, parapuan.co 2021-09-23", "C-3")
"""Pension and job-loss insurance are for wage earners only."""

# --- the tariffs -----------------------------------------------------------------------------------------------------

JKK_PERCENT = Fact(1, f"PP 44/2015, JKK ({SIMULATION}, {BROCHURE})", "C-5")
"""Per cent of the bracket's base, a month."""

JKM_AMOUNT = Fact(6_800, f"PP 44/2015, JKM ({SIMULATION}, {BROCHURE})", "C-6")
"""Rupiah a month, whatever the income."""

JHT_PERCENT = Fact(2, f"PP 46/2015, JHT ({SIMULATION}, catatandigital.com)", "C-5")
"""Per cent of the bracket's base, a month."""

MOST_MONTHS = Fact(12, "Kompas 2024-04-13 (GoPay), consensusg.com (DANA), beritanda.com 2026", "C-3")
"""How many contribution months can be paid at once."""


class Tariff(NamedTuple):
    """Rupiah a month before any discount; a programme not chosen is 0."""

    jkk: int
    jkm: int
    jht: int


Cut = Fact[Discount] | None
"""The discount that holds in one of the months."""


class MonthPrice(NamedTuple):
    """What one contribution month costs in rupiah, discount taken off; a programme not chosen is 0."""

    month: Month
    jkk: int
    jkm: int
    jht: int


class Quote(msgspec.Struct, frozen=True):
    """The price of some months in rupiah.

    `discount` is what is saved; `discount_until` is the last discounted month if the first one is discounted. `doubts`
    says why it is only an estimate: "bracket" (its amounts rest on a single source), "discount_ends" (some months are
    discounted and some are not), "payer" and "owner" (nobody knows yet whether they get the discount).
    """

    bracket: Bracket
    months: tuple[MonthPrice, ...]
    total: int
    discount: int
    discount_until: Month | None
    doubts: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def base(self) -> int:
        """The base (dasar penghasilan) that contributions and benefits are reckoned from."""
        return self.bracket.base

    @property
    def normal_total(self) -> int:
        """What the same months cost without any discount."""
        return self.total + self.discount

    @property
    def certain(self) -> bool:
        """Whether the amounts may be told plainly; if not, they are an estimate and the official bill decides."""
        return not self.doubts


def quote(
    income: int,
    sector: str,
    programmes: Iterable[str],
    first: Month,
    months: int,
    payer: str = "self",
    employer: bool = False,
) -> Quote:
    """Price 1 to MOST_MONTHS contribution months from `first` for an income in rupiah a month.

    `sector` is one of `discount.SECTORS`, `programmes` PAIR or TRIO, `payer` one of `discount.PAYERS`; `employer` says
    whether the worker employs others. Where a discount is not certain to be given, it is left out and doubted.

    Raises:
        QuoteError: an argument that cannot be priced; see `errors`.
    """
    chosen = _combination(programmes)
    run = _run(first, months)
    check_sector(sector)
    check_payer(payer)
    bracket = bracket_of(income)
    full = _tariff(bracket.value.base, chosen)
    cuts = [discount_in(sector, month) for month in run] if payer == "self" and not employer else [None] * months
    prices = tuple(map(_price, run, repeat(full), cuts))
    total = sum(price.jkk + price.jkm + price.jht for price in prices)
    return Quote(
        bracket=bracket.value,
        months=prices,
        total=total,
        discount=sum(full) * months - total,
        discount_until=cuts[0].value.last if cuts[0] else None,
        doubts=_doubts(bracket, cuts, payer, employer),
        sources=_sources(bracket, chosen, cuts, payer),
    )


def _combination(programmes: Iterable[str]) -> frozenset[str]:
    """Return the programmes as the pair or the trio, the only combinations there are."""
    chosen = frozenset(programmes)
    if chosen not in (PAIR, TRIO):
        raise UnknownProgrammesError(
            f"the programmes are jkk,jkm or jkk,jkm,jht, not {','.join(sorted(chosen)) or 'none'}"
        )
    return chosen


def _run(first: Month, months: int) -> tuple[Month, ...]:
    """Return the contribution months to price."""
    if not 1 <= months <= MOST_MONTHS.value:
        raise MonthsOutOfRangeError(f"1 to {MOST_MONTHS.value} months can be paid at once, not {months}")
    return months_from(first, months)


def _tariff(base: int, chosen: frozenset[str]) -> Tariff:
    """Return what a month costs before any discount."""
    jht = base * JHT_PERCENT.value // 100 if "jht" in chosen else 0
    return Tariff(base * JKK_PERCENT.value // 100, JKM_AMOUNT.value, jht)


def _price(month: Month, full: Tariff, cut: Cut) -> MonthPrice:
    """Take the discount, if there is one, off JKK and JKM."""
    if cut is None:
        return MonthPrice(month, *full)
    off = cut.value.percent
    return MonthPrice(month, full.jkk - full.jkk * off // 100, full.jkm - full.jkm * off // 100, full.jht)


def _doubts(bracket: Fact[Bracket], cuts: Sequence[Cut], payer: str, employer: bool) -> tuple[str, ...]:
    """Name what keeps the quote from being more than an estimate."""
    doubts = (
        ("bracket", not bracket.plain),
        ("discount_ends", None in cuts and any(cuts)),
        ("payer", payer == "other"),
        ("owner", employer),
    )
    return tuple(name for name, doubtful in doubts if doubtful)


def _sources(bracket: Fact[Bracket], chosen: frozenset[str], cuts: Sequence[Cut], payer: str) -> tuple[str, ...]:
    """Name what the amounts rest on, each source once."""
    grounds: list[Fact[Any]] = [bracket, JKK_PERCENT, JKM_AMOUNT]
    if "jht" in chosen:
        grounds.append(JHT_PERCENT)
    if payer == "state":
        grounds.append(NOT_FOR_STATE_PAID)
    grounds.extend(cut for cut in cuts if cut)
    return tuple(dict.fromkeys(ground.source for ground in grounds))
