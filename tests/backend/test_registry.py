"""The synthetic registry."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backend.reference.registry import PEOPLE, SPANS, Invented, Span, judge, plausible
from bot.backend.shapes import Requirements, Verdict
from tests.backend.running import person

REQUIRED = Requirements().fields


@given(serial=st.integers(1, 8999), name=st.text(min_size=1, max_size=100))
def test_everybody_plausible_is_known(serial: int, name: str) -> None:
    """A plausible NIK outside the tables agrees with whatever name is sent."""
    assert judge(person(serial, name=name), REQUIRED) == Verdict("complete")


@pytest.mark.parametrize("span", SPANS)
def test_a_range_of_serials_gives_its_verdict(span: Span) -> None:
    """Both ends of a range give the verdict the documentation promises."""
    assert judge(person(span.lowest), REQUIRED) == judge(person(span.highest), REQUIRED) == span.verdict


def test_what_is_missing_can_be_sent() -> None:
    """A missing field is asked for until it is there."""
    assert judge(person(9500, email="budi@example.id"), REQUIRED) == Verdict("complete")
    assert judge(person(9600, home_region="32.73"), REQUIRED) == Verdict("missing", ("work_region",))


def test_a_required_field_is_missed() -> None:
    """A field the backend requires is missing whatever the registry holds."""
    assert judge(person(), (*REQUIRED, "email")) == Verdict("missing", ("email",))


@pytest.mark.parametrize("held", PEOPLE, ids=lambda held: held.name)
def test_invented_people_are_compared(held: Invented) -> None:
    """An invented person's name is compared without regard to case and spaces, the birth date exactly."""
    right = person(nik=held.nik, name=held.name.upper() + " ", birth_date=held.birth_date)
    wrong = person(nik=held.nik, name="Orang Lain", birth_date=held.birth_date + dt.timedelta(days=1))
    assert judge(right, REQUIRED) == Verdict("complete")
    assert judge(wrong, REQUIRED) == Verdict("differs", ("name", "birth_date"))


@pytest.mark.parametrize(
    "nik", ["0073010508900001", "3273013208900001", "3273017208900001", "3273010013900001", "3273010508900000"]
)
def test_an_impossible_nik_is_unknown(nik: str) -> None:
    """No province, day, month or serial: nobody has such a NIK."""
    assert not plausible(nik)
    assert judge(person(nik=nik), REQUIRED) == Verdict("unknown_nik")
