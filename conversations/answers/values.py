"""The one place where a placeholder of an answer gets its value, each computed from the dated facts in `programmes`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from babel.dates import get_month_names

from conversations.answers import facts
from conversations.months import Month
from conversations.programmes import benefits, brackets, calendar, contribution, discount, eligibility, places
from conversations.programmes.contribution import PAIR, TRIO, quote
from conversations.programmes.fact import Fact

MONTH_NAMES: tuple[str, ...] = tuple(get_month_names("wide", locale="id").values())


class Known(msgspec.Struct, frozen=True):
    """What is known of the person who asks: `income` in rupiah a month; the rest as in `contribution.quote`."""

    income: int
    sector: str
    payer: str = "self"
    employer: bool = False

    @property
    def base(self) -> int:
        """The base (dasar penghasilan) that the income stands for."""
        return brackets.bracket_of(self.income).value.base


class Moment(NamedTuple):
    """What values depend on: the day in Jakarta, and the person if we know one."""

    today: dt.date
    known: Known | None


class Value(NamedTuple):
    """A placeholder: its `name`, the `facts` it is computed from, and its `worth` at a moment, if it has any then."""

    name: str
    facts: tuple[Fact[Any], ...]
    worth: Callable[[Moment], str | None]


def values_on(today: dt.date, known: Known | None = None) -> dict[str, str]:
    """Return every placeholder that has a value on a day, for nobody in particular or for a known person."""
    moment = Moment(today, known)
    worths = ((value.name, value.worth(moment)) for value in VALUES)
    return {name: worth for name, worth in worths if worth is not None}


# --- how a value is written ------------------------------------------------------------------------------------------


def rupiah(amount: int) -> str:
    """Write an amount as people say it: "Rp42 juta", "Rp2,5 juta", "Rp16.800"."""
    if amount >= 1_000_000 and amount % 100_000 == 0:
        return f"Rp{amount / 1_000_000:g} juta".replace(".", ",")
    return f"Rp{amount:,}".replace(",", ".")


def month_name(month: Month) -> str:
    """Write a contribution month: "Maret 2027"."""
    return f"{MONTH_NAMES[month.month - 1]} {month.year}"


def listed(names: Iterable[str]) -> str:
    """Write some names, more of which there are: "DANA, OVO, GoPay"."""
    return ", ".join(names)


# --- what a value is worth -------------------------------------------------------------------------------------------


def _always(name: str, fact: Fact[Any], write: Callable[[Any], str] = str) -> Value:
    """A value that is the same every day."""
    written = write(fact.value)
    return Value(name, (fact,), lambda _: written)


def _percent(number: int) -> str:
    return f"{number}%"


def _yearly(place: int) -> Callable[[Sequence[benefits.Stage]], str]:
    """Write what one stage of schooling brings a year."""
    return lambda stages: rupiah(stages[place].yearly)


_LOWEST = brackets.BRACKETS[0]
_TARIFF = (_LOWEST, contribution.JKK_PERCENT, contribution.JKM_AMOUNT, contribution.JHT_PERCENT)
_CUTS = {fact.value.sector: fact for fact in discount.DISCOUNTS}


def _least(programmes: frozenset[str], months: int = 1) -> Callable[[Moment], str]:
    """The normal price of the lowest bracket."""
    month = _after_all_discounts()
    price = quote(_LOWEST.value.base, "other", programmes, month, months).total
    return lambda _: rupiah(price)


def _after_all_discounts() -> Month:
    """The first contribution month without any discount."""
    return max(fact.value.last for fact in discount.DISCOUNTS).plus(1)


def _least_cut(sector: str, programmes: frozenset[str]) -> Callable[[Moment], str | None]:
    """The discounted price of the lowest bracket, while the sector's discount runs."""

    def worth(moment: Moment) -> str | None:
        month = Month.of(moment.today)
        if discount.discount_in(sector, month) is None:
            return None
        return rupiah(quote(_LOWEST.value.base, sector, programmes, month, 1).total)

    return worth


def _cut_last(sector: str) -> Callable[[Moment], str | None]:
    """The last discounted month, while the sector's discount runs."""

    def worth(moment: Moment) -> str | None:
        running = discount.discount_in(sector, Month.of(moment.today))
        return month_name(running.value.last) if running else None

    return worth


def _cut_ended(moment: Moment) -> str | None:
    """The month with which the last discount ended, once it has."""
    end = _after_all_discounts()
    return month_name(end.plus(-1)) if Month.of(moment.today) >= end else None


def _mine(name: str, ground: Fact[Any], worth: Callable[[Known, dt.date], int]) -> Value:
    """An amount for a known person. It follows from a bracket of a single source, so it is always an estimate."""

    def written(moment: Moment) -> str | None:
        return rupiah(worth(moment.known, moment.today)) if moment.known else None

    return Value(name, (ground, facts.ESTIMATE), written)


def _my_price(programmes: frozenset[str]) -> Callable[[Known, dt.date], int]:
    """What a known person pays for this month."""

    def worth(known: Known, today: dt.date) -> int:
        month = Month.of(today)
        return quote(known.income, known.sector, programmes, month, 1, known.payer, known.employer).total

    return worth


# --- all of them -----------------------------------------------------------------------------------------------------

_PLACES = places.PAY_AT.value
_STAGES = tuple(enumerate(benefits.SCHOLARSHIP.value))

VALUES: tuple[Value, ...] = (
    # whom to ask
    _always("call", places.CALL_CENTRE),
    _always("site", places.SITE),
    _always("site_bpu", places.BPU_SITE),
    # contributions
    _always("base_least", _LOWEST, lambda bracket: rupiah(bracket.base)),
    _always("jkk_percent", contribution.JKK_PERCENT, _percent),
    _always("jht_percent", contribution.JHT_PERCENT, _percent),
    _always("jkm_month", contribution.JKM_AMOUNT, rupiah),
    _always("months_most", contribution.MOST_MONTHS),
    _always("jht_least", benefits.jht_saved(_LOWEST.value.base, 1), rupiah),
    _always("jht_year", benefits.jht_saved(_LOWEST.value.base, 12), rupiah),
    Value("least_pair", _TARIFF, _least(PAIR)),
    Value("least_trio", _TARIFF, _least(TRIO)),
    Value("year_pair", _TARIFF, _least(PAIR, 12)),
    # the discount
    _always("cut_percent", _CUTS["transport"], lambda cut: _percent(cut.percent)),
    _always("discount_transport_last", _CUTS["transport"], lambda cut: month_name(cut.last)),
    _always("discount_other_last", _CUTS["other"], lambda cut: month_name(cut.last)),
    Value("least_pair_transport", (*_TARIFF, _CUTS["transport"]), _least_cut("transport", PAIR)),
    Value("least_trio_transport", (*_TARIFF, _CUTS["transport"]), _least_cut("transport", TRIO)),
    Value("least_pair_other", (*_TARIFF, _CUTS["other"]), _least_cut("other", PAIR)),
    Value("least_trio_other", (*_TARIFF, _CUTS["other"]), _least_cut("other", TRIO)),
    Value("cut_transport_last", (_CUTS["transport"],), _cut_last("transport")),
    Value("cut_other_last", (_CUTS["other"],), _cut_last("other")),
    Value("cut_ended", tuple(_CUTS.values()), _cut_ended),
    # paying
    _always("due_day", calendar.DUE_DAY),
    _always("arrears_months", calendar.ARREARS_MONTHS),
    _always("card_days", calendar.CARD_WITHIN_DAYS),
    _always("places_bank", places.PAY_AT, lambda at: listed(at.banks)),
    _always("places_wallet", places.PAY_AT, lambda at: listed(at.wallets)),
    _always("places_shop", places.PAY_AT, lambda at: listed(at.shops)),
    _always("places_short", places.PAY_AT, lambda at: listed((*at.banks[:3], *at.wallets[2:5], at.shops[0]))),
    # JKK
    _always("stmb_full_months", benefits.STMB_FULL_MONTHS),
    Value("stmb_full", (benefits.STMB_FULL_MONTHS,), lambda _: _percent(benefits.stmb(100, 1).value)),
    _always("stmb_after", benefits.STMB_LATER_PERCENT, _percent),
    _always("partial_times", benefits.PARTIAL_DISABILITY_BASES),
    _always("disability_times", benefits.TOTAL_DISABILITY_BASES),
    _always("death_times", benefits.ACCIDENT_DEATH_BASES),
    _always("periodical", benefits.ACCIDENT_PERIODICAL, rupiah),
    _always("funeral", benefits.ACCIDENT_FUNERAL, rupiah),
    _always("death_least", benefits.accident_death(_LOWEST.value.base), lambda payout: rupiah(payout.total)),
    _always("transport_land", benefits.TRANSPORT, lambda most: rupiah(most.land)),
    _always("transport_sea", benefits.TRANSPORT, lambda most: rupiah(most.sea)),
    _always("transport_air", benefits.TRANSPORT, lambda most: rupiah(most.air)),
    _always("homecare_most", benefits.HOMECARE_MOST, rupiah),
    _always("homecare_years", benefits.HOMECARE_YEARS),
    _always("denture_most", benefits.DENTURE_MOST, rupiah),
    _always("hearing_most", benefits.HEARING_AID_MOST, rupiah),
    _always("glasses_most", benefits.GLASSES_MOST, rupiah),
    _always("report_hours", benefits.REPORT_WITHIN_HOURS, lambda hours: f"{hours // 24}×24 jam"),
    _always("claim_years", benefits.CLAIM_EXPIRY_YEARS),
    # JKM and the scholarship
    _always("jkm_full", benefits.natural_death(3), lambda payout: rupiah(payout.total)),
    _always("jkm_early", benefits.JKM_BEFORE, rupiah),
    _always("jkm_months", benefits.JKM_FULL_AFTER_MONTHS),
    _always("jkm_death", benefits.JKM_DEATH, rupiah),
    _always("jkm_periodical", benefits.JKM_PERIODICAL, rupiah),
    _always("jkm_funeral", benefits.JKM_FUNERAL, rupiah),
    _always("scholarship_children", benefits.SCHOLARSHIP_CHILDREN),
    _always("scholarship_years", benefits.SCHOLARSHIP_JKM_YEARS),
    _always("scholarship_age", benefits.SCHOLARSHIP_UNTIL_AGE),
    _always("scholarship_most", benefits.scholarship_max(), rupiah),
    *(_always(f"scholarship_{stage.name}", benefits.SCHOLARSHIP, _yearly(place)) for place, stage in _STAGES),
    # JHT
    _always("jht_age", benefits.JHT_AGE),
    _always("jht_wait", benefits.JHT_STOP_WAIT_MONTHS),
    _always("partial_years", benefits.JHT_PARTIAL_YEARS),
    _always("partial_count", benefits.JHT_PARTIAL_TIMES),
    _always("housing_most", benefits.JHT_PARTIAL_HOUSING_PERCENT, _percent),
    _always("other_most", benefits.JHT_PARTIAL_OTHER_PERCENT, _percent),
    # who may join
    _always("age_limit", eligibility.END_AGE),
    _always("age_own", eligibility.MIN_AGE),
    _always("jobs_most", eligibility.MAX_OCCUPATIONS),
    _always("agent_age", facts.AGENT_MIN_AGE),
    # a known person
    _mine("my_base", benefits.STMB_FULL_MONTHS, lambda known, _: benefits.stmb(known.base, 1).value),
    _mine("my_pair", contribution.JKK_PERCENT, _my_price(PAIR)),
    _mine("my_trio", contribution.JHT_PERCENT, _my_price(TRIO)),
    _mine("my_jht", contribution.JHT_PERCENT, lambda known, _: benefits.jht_saved(known.base, 1).value),
    _mine("my_jht_year", contribution.JHT_PERCENT, lambda known, _: benefits.jht_saved(known.base, 12).value),
    _mine(
        "my_disability",
        benefits.TOTAL_DISABILITY_BASES,
        lambda known, _: benefits.total_disability(known.base).value.total,
    ),
    _mine("my_death", benefits.ACCIDENT_DEATH_BASES, lambda known, _: benefits.accident_death(known.base).value.total),
)

FACTS_OF = {value.name: value.facts for value in VALUES}
"""The facts behind each placeholder there can be."""
