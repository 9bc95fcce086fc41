"""Invented people pass for real ones, and no two are alike."""

from __future__ import annotations

import datetime as dt
import random

from hypothesis import given
from hypothesis import strategies as st

from bot.simulation.identities import Registry
from bot.simulation.shares import INCOMES, REGENCIES, TRADES
from conversations.occupations import by_code
from conversations.programmes.eligibility import age_on, may_register
from conversations.reading.date import read_date
from conversations.reading.money import read_money
from conversations.reading.name import read_name
from conversations.reading.nik import read_nik
from conversations.reading.occupation import read_occupation
from conversations.reading.phone import read_phone
from conversations.reading.place import region

TODAY = dt.date(2026, 11, 2)


@given(seed=st.integers(0, 10_000))
def test_what_they_type_can_be_read(seed: int) -> None:
    """NIK, name, birth date and phone are read as what they are meant to be."""
    invented = Registry(random.Random(seed), TODAY).invent()
    assert read_nik(invented.nik, TODAY).hint == invented.born
    assert read_name(invented.name, TODAY).value == invented.name
    assert read_date(f"{invented.born:%d-%m-%Y}", TODAY).value == invented.born
    assert read_phone(invented.phone, TODAY).problem is None
    assert may_register(age_on(invented.born, TODAY))


def test_no_two_are_alike() -> None:
    """Neither a NIK nor a phone number is given twice."""
    registry = Registry(random.Random(1), TODAY)
    people = [registry.invent("32.73") for _ in range(3_000)]
    assert len({one.nik for one in people}) == len({one.phone for one in people}) == len(people)


def test_trades_are_read_as_the_occupations_they_stand_for() -> None:
    """Every way to name a trade leads to its occupation, none of which needs another route."""
    trades = [trade for _, several in TRADES for trade in several]
    assert {trade.said: read_occupation(trade.said, TODAY).value for trade in trades} == {
        trade.said: trade.occupation for trade in trades
    }
    assert not any(by_code[trade.occupation].special for trade in trades)


def test_places_and_incomes_exist() -> None:
    """Every regency is one, every income is read as money, by the month or by the day."""
    assert all(region(code) for _, code in REGENCIES)
    assert {read_money(income, TODAY).problem for _, income in INCOMES} == {None, "per_day"}


def test_another_seed_is_another_world() -> None:
    """The same seed invents the same people, another one others."""
    first, again, other = (Registry(random.Random(seed), TODAY).invent() for seed in (1, 1, 2))
    assert first == again != other
