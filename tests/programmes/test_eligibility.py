"""Who may join."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.programmes.eligibility import (
    OUTCOMES,
    Situation,
    age_band,
    age_on,
    may_register,
    outcome,
)

USUAL = Situation(earning="own", age_band="18_64")

SITUATIONS = st.builds(
    Situation,
    st.sampled_from(["own", "waged", "owner", "none"]),
    st.sampled_from(["under_18", "18_64", "65_up"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "domestic", "construction", "honorary", "apprentice", "migrant", "wage_prone"]),
    st.booleans(),
)


CASES = (
    (USUAL, "eligible"),
    (USUAL._replace(occupation_special="wage_prone"), "eligible"),
    (USUAL._replace(was_member=True), "former_member"),
    (USUAL._replace(earning="owner"), "owner"),
    (USUAL._replace(earning="owner", was_member=True), "owner"),
    (USUAL._replace(earning="waged"), "waged"),
    (USUAL._replace(earning="waged", was_member=True), "waged"),
    (USUAL._replace(earning="waged", occupation_special="wage_prone"), "waged"),
    (USUAL._replace(earning="none"), "not_working"),
    (USUAL._replace(occupation_special="domestic"), "domestic"),
    (USUAL._replace(earning="waged", occupation_special="domestic"), "domestic"),
    (USUAL._replace(earning="waged", occupation_special="construction"), "construction"),
    (USUAL._replace(occupation_special="construction"), "eligible"),
    (USUAL._replace(earning="owner", occupation_special="construction"), "owner"),
    (USUAL._replace(earning="waged", occupation_special="honorary"), "honorary"),
    (USUAL._replace(earning="none", occupation_special="apprentice"), "apprentice"),
    (USUAL._replace(occupation_special="migrant"), "migrant"),
    (USUAL._replace(abroad=True), "migrant"),
    (USUAL._replace(age_band="under_18"), "under_18"),
    (USUAL._replace(age_band="65_up"), "too_old"),
    (USUAL._replace(citizen=False), "foreigner"),
    (USUAL._replace(citizen=False, has_ktp=False), "foreigner"),
    (USUAL._replace(has_ktp=False), "no_ktp"),
    (USUAL._replace(earning="waged", has_ktp=False), "waged"),
)


@pytest.mark.parametrize(("situation", "code"), CASES)
def test_situation_leads_to_its_outcome(situation: Situation, code: str) -> None:
    """Each situation has one outcome, the one that no other answer can change coming first."""
    assert outcome(situation).code == code


def test_each_outcome_says_what_may_follow() -> None:
    """Enrolment goes on for those who may join; where rules leave something open, staff are offered."""
    assert {code for code, result in OUTCOMES.items() if result.goes_on} == {"eligible", "former_member", "owner"}
    assert {code for code, result in OUTCOMES.items() if result.staff} == {
        "owner",
        "waged",
        "domestic",
        "honorary",
        "apprentice",
        "foreigner",
        "under_18",
        "too_old",
    }


@given(SITUATIONS)
def test_nobody_goes_on_who_may_not(situation: Situation) -> None:
    """Enrolment goes on only for adults under 65 with a KTP who are citizens at work in the country without a wage."""
    if outcome(situation).goes_on:
        assert situation.age_band == "18_64"
        assert situation.citizen
        assert situation.has_ktp
        assert not situation.abroad
        assert situation.earning in {"own", "owner"}


def test_every_outcome_can_be_reached() -> None:
    """No outcome is there for nobody."""
    assert {outcome(situation).code for situation, _ in CASES} == set(OUTCOMES)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        ("2008-11-21", "2026-11-20", 17),
        ("2008-11-21", "2026-11-21", 18),
        ("1961-11-22", "2026-11-21", 64),
        ("1961-11-21", "2026-11-21", 65),
        ("2008-02-29", "2026-02-28", 17),
        ("2008-02-29", "2026-03-01", 18),
        ("2026-11-21", "2026-11-21", 0),
    ],
)
def test_age_rises_on_the_birthday(birth: str, day: str, age: int) -> None:
    """A year of age is full on the birthday, on 1 March for who is born on 29 February."""
    assert age_on(dt.date.fromisoformat(birth), dt.date.fromisoformat(day)) == age


@pytest.mark.parametrize(
    ("age", "band", "allowed"),
    [(0, "under_18", False), (17, "under_18", False), (18, "18_64", True), (64, "18_64", True), (65, "65_up", False)],
)
def test_ages_from_18_to_64_may_register(age: int, band: str, allowed: bool) -> None:
    """We enrol from 18 on, and nobody who is 65."""
    assert age_band(age) == band
    assert may_register(age) is allowed
